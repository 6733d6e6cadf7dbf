"""An employee's e-mail and password: the first half of a login (SECURITY 5, 6, 26)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from portal.mail import staff_accounts as mail
from portal.models.base import db
from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules import employment
from portal.rules.context import Context, Visitor
from portal.rules.email_identity import email_or_none
from portal.rules.passwords import is_too_long
from portal.services.accounts import known_devices, sessions
from portal.services.accounts.password_hashes import CorruptHash, hash_password, needs_rehash, verify_password
from portal.services.auditing import audit
from portal.services.employees import staff_recipients
from portal.services.foundation.throttle import Attempt

log = logging.getLogger(__name__)
_COLUMNS = (Staff.id, Staff.password_hash, Staff.totp_seed, Staff.disabled_at, Staff.employment_ends_on)


@dataclass(frozen=True)
class Outcome:
    """What came of an e-mail and a password. `reason` says why they open nothing; `new_hash` replaces an old one."""

    staff_id: int | None
    reason: str | None = None
    old_hash: str = ""
    new_hash: str | None = None


def attempts(email: str, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before any hashing: the address, the e-mail, known or not, and everybody together (SECURITY 10)."""
    address = email_or_none(email)
    identifier = address.identity if address else email.strip().casefold()
    return (
        Attempt("login_address", "log-in", visitor.address),
        Attempt("login_identifier", "staff", identifier),
        Attempt("login_everyone", "log-in", "all"),
    )


def check(context: Context, email: str, password: str) -> Outcome:
    """Hold a password against the register, outside any transaction: the same work whoever is meant (SECURITY 5)."""
    address = email_or_none(email)
    row = (
        connection().execute(select(*_COLUMNS).where(Staff.email_identity == address.identity)).first()
        if address
        else None
    )
    closed = _closed(context, row)
    if is_too_long(password):
        # No stored password is that long; the work is done all the same, but not on that text.
        verify_password("", None)
        return Outcome(row.id if row else None, closed or "too_long")
    stored = row.password_hash if row is not None and closed is None else None
    try:
        matched = verify_password(password, stored)
    except CorruptHash:
        return Outcome(row.id if row else None, "corrupt_hash")
    if row is None or closed is not None:
        return Outcome(row.id if row else None, closed)
    if not matched:
        return Outcome(row.id, "password")
    renewed = hash_password(password) if needs_rehash(row.password_hash) else None
    return Outcome(row.id, None, row.password_hash, renewed)


def finish(context: Context, outcome: Outcome, visitor: Visitor) -> str | None:
    """Begin the session that still lacks the second factor, and return its random id for the cookie; or note the
    failure and return None."""
    if not accepted(context, outcome) or outcome.staff_id is None:
        return None
    new_device = known_devices.note(context, known_devices.of_staff(outcome.staff_id), visitor)
    token = sessions.start_staff(context, outcome.staff_id, visitor, second_factor=False)
    if new_device:
        # Before the second factor: that somebody else knows the password is what the employee must hear.
        recipient = staff_recipients.recipient(context, outcome.staff_id)
        mail.new_device(context, recipient, sessions.number_of_staff(token))
    audit.record(context, "staff.login", staff_id=outcome.staff_id, new_device=new_device)
    return token


def accepted(context: Context, outcome: Outcome) -> bool:
    """Whether the password opens something at this moment, too; a failure is noted, a weak hash renewed."""
    if outcome.staff_id is None or outcome.reason is not None or not _still_holds(outcome):
        _note_failure(context, outcome)
        return False
    if outcome.new_hash is not None:
        db.session.execute(update(Staff).where(Staff.id == outcome.staff_id).values(password_hash=outcome.new_hash))
    return True


def _note_failure(context: Context, outcome: Outcome) -> None:
    if outcome.reason == "corrupt_hash":
        log.warning("a stored password hash cannot be read", extra={"account": f"staff:{outcome.staff_id}"})
        audit.record(context, "staff.hash_corrupt", staff_id=outcome.staff_id)
    reason = outcome.reason or "changed_meanwhile"
    audit.record(context, "staff.login_failed", staff_id=outcome.staff_id, reason=reason)


def _still_holds(outcome: Outcome) -> bool:
    """Whether the password is still the one that was compared, outside this transaction."""
    stored = select(Staff.password_hash).where(Staff.id == outcome.staff_id).with_for_update()
    return db.session.execute(stored).scalar() == outcome.old_hash


def _closed(context: Context, row: Any) -> str | None:
    """Why this employee cannot log in whatever the password; None for one who can."""
    if row is None:
        return "unknown"
    if row.disabled_at is not None:
        return "disabled"
    if employment.is_over(row.employment_ends_on, context.now):
        return "employment_ended"
    return None if row.password_hash and row.totp_seed else "not_set_up"
