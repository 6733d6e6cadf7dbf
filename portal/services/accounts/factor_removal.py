"""An employee has a customer's second factor removed: after a wait, in which the owner can stop it (SECURITY 16, 22).

Whoever lost the phone and the recovery codes proves at customer service who they are. As a caller can lie well, nothing
happens for three days from the moment at which the mail to the owner has left, and nothing at all before. Any complete
log-in or fresh proof, which takes the factor or a passkey, shows that it is not lost and stops the removal; so does a
button for an owner who is logged in. Nobody at customer service sees a seed or a code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from portal.mail import factors as mail
from portal.models.account import Account
from portal.models.base import db
from portal.models.database import connection
from portal.models.message import Message
from portal.rules.context import Context
from portal.rules.errors import NotFound, Problem, RuleBroken, Stale
from portal.rules.factor_removals import IDENTITY_CHECKS, WAIT, RemovalReason
from portal.services.accounts import accounts, customer_factor, sessions
from portal.services.accounts.accounts import KnownAccount
from portal.services.auditing import audit
from portal.services.foundation import links

# As many as one run of the job removes; the next run goes on.
BATCH = 100


@dataclass(frozen=True)
class State:
    """How things stand: since when the factor is on and the account disabled, when its removal was asked and told."""

    account_id: int
    email: str
    since: datetime | None
    disabled_at: datetime | None
    asked_at: datetime | None
    told_at: datetime | None

    @property
    def due_at(self) -> datetime | None:
        """When the factor is removed at the earliest."""
        since = self.told_at or self.asked_at
        return since + WAIT if since else None

    @property
    def version(self) -> int:
        """What tells this state from another one: 0 while nothing waits, else the moment of asking."""
        return accounts.version_since(self.asked_at)


# When the mail about the removal that waits has left: the wait is counted from then.
_TOLD = (
    select(func.min(Message.sent_at))
    .where(
        Message.customer_id == Account.customer_id,
        Message.kind == mail.REMOVAL_ASKED,
        Message.created_at >= Account.factor_removal_at,
        Message.status == "sent",
    )
    .correlate(Account)
    .scalar_subquery()
)
_STATE = select(Account.id, Account.email, Account.totp_since, Account.disabled_at, Account.factor_removal_at, _TOLD)


def state(context: Context, customer_id: int) -> State:
    """How things stand with a customer's account. Raises `NotFound` when there is none."""
    row = connection().execute(standing(customer_id)).first()
    if row is None:
        raise NotFound
    return State(*row)


def standing(customer_id: int) -> Select[*tuple[Any, ...]]:
    """Selects the fields of the `State` of a customer's account, for whoever asks for more in the same query."""
    return _STATE.where(Account.customer_id == customer_id)


def begin(context: Context, customer_id: int, reason: str, check: str, version: int) -> None:
    """Ask for the removal and tell the owner until when it can be stopped. Raises `NotFound`, `Stale`, and `RuleBroken`
    naming `reason` and `check`, or nothing where there is no factor to remove."""
    now = _lock(customer_id, version)
    if now.asked_at is not None:
        raise Stale(now.version)
    if now.disabled_at is not None or now.since is None:
        raise RuleBroken.of(None, "factor_removal.off" if now.since is None else "factor_removal.disabled")
    problems = []
    if reason not in set(RemovalReason):
        problems.append(Problem("reason", "factor_removal.reason_required"))
    if check not in IDENTITY_CHECKS:
        problems.append(Problem("check", "factor_removal.check_required"))
    if problems:
        raise RuleBroken(*problems)
    db.session.execute(update(Account).where(Account.id == now.account_id).values(factor_removal_at=context.now))
    mail.removal_asked(context, accounts.get(context, now.account_id).recipient)
    audit.record(context, "account.factor_removal_asked", customer_id=customer_id, reason=reason, check=check)


def stop(context: Context, customer_id: int, version: int) -> None:
    """An employee takes the removal back. Raises `NotFound` and `Stale`."""
    now = _lock(customer_id, version)
    if now.asked_at is None:
        raise Stale(now.version)
    take_back(context, accounts.get(context, now.account_id))


def take_back(context: Context, account: KnownAccount) -> bool:
    """Stop the removal, if one waits, and tell the owner, who has shown that the factor is not lost or does not want
    this. Returns whether one waited."""
    waited = customer_factor.end_removal(context, account.id, account.customer_id)
    if waited:
        mail.removal_stopped(context, account.recipient)
    return waited


def carry_out(context: Context) -> int:
    """Remove the factors whose owners were told three days ago; everything the accounts are logged in with ends. Where
    the mail has not left, nothing is removed. Returns how many."""
    over = (Account.factor_removal_at <= context.now - WAIT) & (context.now - WAIT >= _TOLD)
    due = select(Account.id).where(over).order_by(Account.id).limit(BATCH).with_for_update(skip_locked=True)
    found = list(db.session.execute(due).scalars())
    for account_id in found:
        owner = accounts.get(context, account_id)
        customer_factor.forget(context, account_id)
        sessions.end_all_customer(context, account_id)
        links.end_resets(context, account_id)
        mail.second_factor_removed(context, owner.recipient)
        audit.record(context, "account.second_factor_removed", customer_id=owner.customer_id)
    return len(found)


def _lock(customer_id: int, version: int) -> State:
    row = db.session.execute(standing(customer_id).with_for_update(of=Account)).first()
    if row is None:
        raise NotFound
    found = State(*row)
    if found.version != version:
        raise Stale(found.version)
    return found
