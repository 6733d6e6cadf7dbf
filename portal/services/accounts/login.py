"""Logging in with a password: the same work and the same answer, whoever is asked for (SECURITY 5, 6, 10)."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import select, update

from portal.mail import accounts as mail
from portal.models.account import Account
from portal.models.base import db
from portal.rules.context import Context, Visitor
from portal.rules.passwords import is_too_long
from portal.services.accounts import accounts, admission, customer_factor, known_devices, login_steps
from portal.services.accounts.accounts import KnownAccount
from portal.services.accounts.admission import Opened
from portal.services.accounts.password_hashes import CorruptHash, hash_password, needs_rehash, verify_password
from portal.services.auditing import audit
from portal.services.foundation.throttle import Attempt

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How an attempt went. `reason` is for the audit log alone; `new_hash` replaces a hash that is too weak by now."""

    account: KnownAccount | None
    reason: str | None
    new_hash: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the right password of a usable account was given."""
        return self.reason is None


@dataclass(frozen=True)
class Asked:
    """The password was right, and the second factor is asked for: the random id of that step."""

    step: str


def find(context: Context, typed: str) -> KnownAccount | None:
    """The account that is meant by what was typed."""
    return accounts.find(context, accounts.identifier(typed))


def attempts(account: KnownAccount | None, typed: str, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before any hashing: the address, the identifier, known or not, the account it leads to, and
    everybody together.

    An account has two identifiers, an address and perhaps a user name, and as many tries as any other. That the tries
    of one are spent by the other would tell that they belong together, so the account is counted silently.
    """
    normal = accounts.identifier(typed)
    meant = ("account", str(account.id)) if account else ("nobody", normal)
    return (
        Attempt("login_address", "log-in", visitor.address),
        Attempt("login_identifier", "typed", normal, account_id=account.id if account else None),
        Attempt("login_identifier", *meant, silent=True),
        Attempt("login_everyone", "log-in", "all"),
    )


def attempts_elsewhere(where: str, account_id: int, visitor: Visitor) -> tuple[Attempt, ...]:
    """The same where the account's password is asked for in a place that not everybody reaches: behind a link, inside a
    session. Counted for itself, so that strangers who try to log in keep nobody out of there (SECURITY 12)."""
    return (
        Attempt("login_address", where, visitor.address),
        Attempt("login_identifier", where, f"account {account_id}", account_id=account_id),
        Attempt("login_everyone", where, "all"),
    )


def check(account: KnownAccount | None, password: str, *, allowed: bool = True) -> Outcome:
    """Compare the password with an account's, or do the same work in vain when there is none. Call it outside any
    transaction: it hashes. What is not `allowed` fails whatever the password."""
    if is_too_long(password):
        # No stored password is that long; the work is done all the same, but not on that text.
        verify_password("", None)
        return Outcome(account, "too_long")
    try:
        matched = verify_password(password, account.password_hash if account else None)
    except CorruptHash:
        return Outcome(account, "corrupt_hash")
    if account is None:
        return Outcome(None, "unknown")
    if not allowed:
        return Outcome(account, "throttled")
    if not matched or account.disabled_at is not None:
        return Outcome(account, "disabled" if matched else "password")
    weak = needs_rehash(account.password_hash)
    return Outcome(account, None, hash_password(password) if weak else None)


def finish(context: Context, outcome: Outcome, visitor: Visitor, *, remember: bool = False) -> Opened | Asked | None:
    """Begin a session, or ask for the second factor; record a failure and return None. `remember` is what the customer
    chose for the browser."""
    account = outcome.account
    if account is None or not outcome.succeeded or not _still_holds(account):
        record_failure(context, outcome)
        return None
    if outcome.new_hash is not None:
        db.session.execute(update(Account).where(Account.id == account.id).values(password_hash=outcome.new_hash))
    if customer_factor.is_on(context, account.id):
        return _ask(context, account, visitor)
    return admission.admit(context, account, visitor, remember=remember)


def _ask(context: Context, account: KnownAccount, visitor: Visitor) -> Asked:
    """Ask for the second factor. That somebody knows the password is what the owner must hear, whether or not the code
    follows, once for each device. The password alone makes no device known: a session that begins there later is told
    as well."""
    known = known_devices.is_known(context, known_devices.of_account(account.id), visitor)
    new_device = not known and known_devices.note(context, known_devices.before_the_factor(account.id), visitor)
    if new_device:
        mail.password_accepted(context, account.recipient)
    audit.record(context, "account.password_accepted", customer_id=account.customer_id, new_device=new_device)
    return Asked(login_steps.begin(context, account.id))


def record_failure(context: Context, outcome: Outcome, action: str = "account.login_failed") -> None:
    """Write down that the password was not accepted, and raise the alarm over a hash that cannot be read. `action` is
    the event for what the password was asked for."""
    customer_id = outcome.account.customer_id if outcome.account else None
    if outcome.account and outcome.reason == "corrupt_hash":
        log.warning("a stored password hash cannot be read", extra={"account": f"customer:{outcome.account.id}"})
        audit.record(context, "account.hash_corrupt", customer_id=customer_id)
    reason = outcome.reason or "changed_meanwhile"
    audit.record(context, action, customer_id=customer_id, reason=reason)


def _still_holds(account: KnownAccount) -> bool:
    """Whether the account is as it was when the password was compared, outside this transaction."""
    current = db.session.execute(
        select(Account.password_hash, Account.disabled_at).where(Account.id == account.id).with_for_update()
    ).first()
    return current is not None and current.password_hash == account.password_hash and current.disabled_at is None
