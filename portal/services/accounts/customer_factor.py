"""A customer's second factor, which is a choice: setting it up, asking for it, turning it off (SECURITY 11, 15, 22).

Each change ends everything else the account is logged in with, and is told to the owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from portal.mail import factors as mail
from portal.models.account import Account
from portal.models.base import db
from portal.models.database import connection
from portal.rules.context import Context
from portal.rules.errors import NotFound, RuleBroken
from portal.services.accounts import accounts, recovery_codes, sessions, totp
from portal.services.accounts.sessions import Principal
from portal.services.auditing import audit
from portal.services.foundation import links
from portal.services.foundation.throttle import Attempt

WRONG = "second_factor.wrong"


@dataclass(frozen=True)
class Factor:
    """How things stand: since when the factor is on, and how many recovery codes are left."""

    since: datetime | None
    codes_left: int

    @property
    def on(self) -> bool:
        """Whether a log-in asks for it."""
        return self.since is not None


def attempts(account_id: int) -> tuple[Attempt, ...]:
    """What to count before a code is looked at (SECURITY 11)."""
    limits = ("second_factor", "second_factor_hour")
    return tuple(Attempt(limit, "account", str(account_id), account_id=account_id) for limit in limits)


def state(context: Context, account_id: int) -> Factor:
    """How things stand with an account."""
    since = connection().execute(select(Account.totp_since).where(Account.id == account_id)).scalar_one()
    return Factor(since, recovery_codes.left(context, recovery_codes.of_account(account_id)))


def is_on(context: Context, account_id: int) -> bool:
    """Whether a log-in asks for the second factor."""
    found = select(Account.totp_seed).where(Account.id == account_id)
    return connection().execute(found).scalar_one() is not None


def begin(context: Context, account_id: int) -> None:
    """Prepare a new secret. Nothing changes for log-ins before a first code has proven that the telephone has it."""
    db.session.execute(update(Account).where(Account.id == account_id).values(totp_pending=totp.new_seed()))


def pending(context: Context, account_id: int) -> str:
    """The prepared secret, encrypted. Raises `NotFound` when there is none that can be read."""
    found = connection().execute(select(Account.totp_pending).where(Account.id == account_id)).scalar()
    if found is None or not totp.readable(found):
        raise NotFound
    return found


def confirm(context: Context, principal: Principal, code: str) -> tuple[str, str | None]:
    """Turn the prepared secret on with its first code. Returns the session's new id, and the name by which
    `recovery_codes.just_made` shows the codes that came with it: None when earlier ones are left, as on a new phone.

    Raises `NotFound` when nothing is prepared, and `RuleBroken` naming `code`.
    """
    row = _lock(principal.id)
    if row.totp_pending is None:
        raise NotFound
    step = totp.matching_step(row.totp_pending, code, context.now, 0)
    if step is None:
        raise RuleBroken.of("code", "second_factor.wrong")
    seed = totp.renewed(row.totp_pending)
    values = {"totp_seed": seed, "totp_pending": None, "totp_last_step": step, "totp_since": context.now}
    # Whoever sets one up has not lost it.
    end_removal(context, principal.id, principal.customer_id)
    db.session.execute(update(Account).where(Account.id == principal.id).values(**values))
    first = row.totp_seed is None
    tell = mail.second_factor_on if first else mail.second_factor_moved
    event = "account.second_factor_on" if first else "account.second_factor_moved"
    tell(context, accounts.get(context, principal.id).recipient)
    audit.record(context, event, customer_id=principal.customer_id)
    return end_others(context, principal), _first_codes(context, principal)


def turn_off(context: Context, principal: Principal) -> str:
    """From now on the password is enough. Returns the session's new id."""
    row = _lock(principal.id)
    end_removal(context, principal.id, principal.customer_id)
    forget(context, principal.id)
    if row.totp_seed is not None:
        mail.second_factor_off(context, accounts.get(context, principal.id).recipient)
        audit.record(context, "account.second_factor_off", customer_id=principal.customer_id)
    return end_others(context, principal)


def forget(context: Context, account_id: int) -> None:
    """Take the secret and the recovery codes away, and what waits to do so."""
    names = ("totp_seed", "totp_pending", "totp_last_step", "totp_since", "factor_removal_at")
    db.session.execute(update(Account).where(Account.id == account_id).values(**dict.fromkeys(names)))
    recovery_codes.forget(context, recovery_codes.of_account(account_id))


def end_removal(context: Context, account_id: int, customer_id: int) -> bool:
    """End the wait after which customer service would remove the factor, and write that down. Returns whether there was
    one; whoever ends it tells the owner."""
    waited = db.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.factor_removal_at.is_not(None))
        .values(factor_removal_at=None)
        .returning(Account.id)
    )
    if waited.first() is None:
        return False
    audit.record(context, "account.factor_removal_stopped", customer_id=customer_id)
    return True


def use_code(context: Context, account_id: int, code: str) -> None:
    """Use up a code of the telephone or a recovery code. Raises `RuleBroken` naming `code`; the failure is audited."""
    row = _lock(account_id)
    owner = accounts.get(context, account_id)
    if recovery_codes.looks_like_one(code):
        left = recovery_codes.use(context, recovery_codes.of_account(account_id), code)
        if left is not None:
            mail.recovery_code_used(context, owner.recipient)
            audit.record(context, "account.recovery_code_used", customer_id=owner.customer_id, left=left)
            return
    elif row.totp_seed is not None:
        step = totp.matching_step(row.totp_seed, code, context.now, row.totp_last_step or 0)
        if step is not None:
            used = {"totp_last_step": step, "totp_seed": totp.renewed(row.totp_seed)}
            db.session.execute(update(Account).where(Account.id == account_id).values(**used))
            return
    audit.deny(context, "account.second_factor_failed", customer_id=owner.customer_id)
    raise RuleBroken.of("code", WRONG)


def tell_of_failures(context: Context, account_id: int) -> None:
    """Mail the owner when codes keep failing: whoever tries them knows the password. Once within the longer of the two
    limits, however often it fails; call it after the transaction that a wrong code rolled back."""
    _lock(account_id)
    owner, limits = accounts.get(context, account_id), current_app.config["PORTAL_THROTTLES"]
    within = timedelta(seconds=limits.second_factor_hour.seconds)
    failures = audit.count(context, "account.second_factor_failed", owner.customer_id, within)
    if failures >= limits.second_factor.count and not mail.failing_told(context, owner.recipient, within):
        mail.second_factor_failing(context, owner.recipient)


def make_recovery_codes(context: Context, account_id: int, submission: str) -> list[str]:
    """Ten new recovery codes; the ones before are worth nothing any more. Raises `RuleBroken` while the second factor
    is off: they would wait for the day on which it is turned on."""
    if _lock(account_id).totp_seed is None:
        raise RuleBroken.of(None, "recovery_codes.factor_off")
    codes, new = recovery_codes.make(context, recovery_codes.of_account(account_id), submission)
    if new:
        owner = accounts.get(context, account_id)
        mail.recovery_codes_made(context, owner.recipient)
        audit.record(context, "account.recovery_codes_made", customer_id=owner.customer_id)
    return codes


def end_others(context: Context, principal: Principal) -> str:
    """A change of the second factor ends all other sessions, remembered browsers and links (SECURITY 22)."""
    sessions.end_all_customer(context, principal.id, but=principal.session_id)
    links.end_resets(context, principal.id)
    return sessions.renew(context, principal)


def _first_codes(context: Context, principal: Principal) -> str | None:
    owner = recovery_codes.of_account(principal.id)
    if recovery_codes.left(context, owner):
        return None
    audit.record(context, "account.recovery_codes_made", customer_id=principal.customer_id)
    return recovery_codes.make_with_factor(context, owner)


def _lock(account_id: int) -> Any:
    columns = (Account.totp_seed, Account.totp_pending, Account.totp_last_step)
    return db.session.execute(select(*columns).where(Account.id == account_id).with_for_update()).one()
