"""Disabling an account and enabling it again, as an employee does (SECURITY 22).

It ends what one logs in with and nothing else: the customer, the orders, the choices and every right under the register
stay, through customer service. A closing that was asked for before waits meanwhile, because nobody can take it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from portal.mail import accounts as mail
from portal.models.account import Account
from portal.models.base import db
from portal.models.database import connection
from portal.rules.context import Context
from portal.rules.disabling_reasons import DisablingReason
from portal.rules.errors import NotFound, RuleBroken, Stale
from portal.services.accounts import accounts, customer_factor, email_change, sessions
from portal.services.auditing import audit
from portal.services.foundation import links


@dataclass(frozen=True)
class State:
    """How things stand: whether the account is disabled, since when and why, and where mail about it goes."""

    account_id: int
    email: str
    disabled_at: datetime | None
    reason: str | None
    closing_at: datetime | None

    @property
    def version(self) -> int:
        """What tells this state from another one: 0 while the account is in use, else the moment of disabling."""
        return accounts.version_since(self.disabled_at)


_STATE = select(Account.id, Account.email, Account.disabled_at, Account.disabled_reason, Account.closing_at)


def state(context: Context, customer_id: int) -> State:
    """How things stand with a customer's account. Raises `NotFound` when there is none."""
    row = connection().execute(_STATE.where(Account.customer_id == customer_id)).first()
    if row is None:
        raise NotFound
    return State(*row)


def disable(context: Context, customer_id: int, reason: str, version: int) -> None:
    """Let nobody log in any more, from the next request on, and tell the owner. What is under way by mail ends.

    Raises `NotFound`, `Stale`, and `RuleBroken` naming `reason`.
    """
    now = _lock(customer_id, version)
    if now.disabled_at is not None:
        raise Stale(now.version)
    if reason not in set(DisablingReason):
        raise RuleBroken.of("reason", "disabling.reason_required")
    # A removal of the second factor may be a part of what is suspected.
    customer_factor.end_removal(context, now.account_id, customer_id)
    _store(now, disabled_at=context.now, disabled_reason=reason)
    sessions.end_all_customer(context, now.account_id)
    links.end_resets(context, now.account_id)
    email_change.end_open(context, now.account_id)
    mail.account_disabled(context, accounts.get(context, now.account_id).recipient)
    audit.record(context, "account.disabled", customer_id=customer_id, reason=reason)


def enable(context: Context, customer_id: int, version: int) -> None:
    """Let the owner log in again, with the password and second factor of before, and tell them. Of a closing that
    waited the two weeks begin anew, so that it can be taken back. Raises `NotFound` and `Stale`."""
    now = _lock(customer_id, version)
    if now.disabled_at is None:
        raise Stale(now.version)
    _store(now, disabled_at=None, disabled_reason=None)
    owner = accounts.get(context, now.account_id).recipient
    mail.account_enabled(context, owner)
    if now.closing_at is not None:
        _store(now, closing_at=context.now)
        mail.account_closing(context, owner)
    audit.record(context, "account.enabled", customer_id=customer_id)


def _lock(customer_id: int, version: int) -> State:
    row = db.session.execute(_STATE.where(Account.customer_id == customer_id).with_for_update()).first()
    if row is None:
        raise NotFound
    found = State(*row)
    if found.version != version:
        raise Stale(found.version)
    return found


def _store(now: State, **values: object) -> None:
    db.session.execute(update(Account).where(Account.id == now.account_id).values(**values))
