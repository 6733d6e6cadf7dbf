"""An employee's passkeys: adding, removing, and the second factor of a log-in (SECURITY 26, 27)."""

from __future__ import annotations

from portal.mail import staff_accounts as mail
from portal.models.factor import StaffPasskey
from portal.rules.context import Context
from portal.rules.errors import RuleBroken
from portal.services.accounts import passkeys, sessions
from portal.services.accounts.sessions import Principal
from portal.services.auditing import audit
from portal.services.employees import staff_recipients


def add(context: Context, principal: Principal, challenge: bytes | None, answer: str, name: str) -> str:
    """Keep a new passkey and tell the employee. Returns the session's new id. Raises `RuleBroken`."""
    passkeys.add(context, passkeys.of_staff(principal.id), challenge, answer, name)
    mail.passkey_added(context, staff_recipients.recipient(context, principal.id))
    audit.record(context, "staff.passkey_added", staff_id=principal.id)
    return _end_others(context, principal)


def remove(context: Context, principal: Principal, number: str) -> str | None:
    """Forget a passkey and tell the employee. Returns the session's new id, or None when there was no such passkey."""
    if not passkeys.remove(context, passkeys.of_staff(principal.id), number):
        return None
    mail.passkey_removed(context, staff_recipients.recipient(context, principal.id))
    audit.record(context, "staff.passkey_removed", staff_id=principal.id)
    return _end_others(context, principal)


def complete(context: Context, principal: Principal, challenge: bytes | None, answer: str, language: str) -> str:
    """Finish the log-in of an employee who gave the password, on pages of this language. Returns the session's new id.
    Raises `RuleBroken`."""
    row = passkeys.prove(context, StaffPasskey, challenge, answer)
    if row is None or row.staff_id != principal.id:
        audit.deny(context, "staff.second_factor_failed", staff_id=principal.id)
        raise RuleBroken.of(None, "passkey.failed")
    staff_recipients.keep_language(context, principal.id, language)
    audit.record(context, "staff.second_factor_passed", staff_id=principal.id)
    return sessions.renew(context, principal)


def _end_others(context: Context, principal: Principal) -> str:
    sessions.end_all_staff(context, principal.id, but=principal.session_id)
    return sessions.renew(context, principal)
