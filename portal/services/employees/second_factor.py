"""An employee's second factor: a code of the telephone, or a recovery code (SECURITY 26). Neither works twice."""

from __future__ import annotations

from sqlalchemy import select

from portal.mail import staff_accounts as mail
from portal.models.base import db
from portal.models.staff import Staff
from portal.rules.context import Context
from portal.rules.errors import RuleBroken
from portal.services.accounts import recovery_codes, sessions, totp
from portal.services.auditing import audit
from portal.services.employees import staff_recipients
from portal.services.foundation.throttle import Attempt


def attempts(staff_id: int, place: str = "staff") -> tuple[Attempt, ...]:
    """What to count before a code is looked at (SECURITY 11)."""
    whose = str(staff_id)
    return Attempt("second_factor", place, whose), Attempt("second_factor_hour", place, whose)


def complete(context: Context, principal: sessions.Principal, code: str, language: str) -> str:
    """Finish the login of an employee who gave the password, on pages of this language. Returns the session's new id
    for the cookie.

    Raises `RuleBroken` naming `code`; the failure is audited all the same.
    """
    use_code(context, principal.id, code)
    staff_recipients.keep_language(context, principal.id, language)
    audit.record(context, "staff.second_factor_passed", staff_id=principal.id)
    return sessions.renew(context, principal)


def use_code(context: Context, staff_id: int, code: str) -> None:
    """Use up a code of an employee. Raises `RuleBroken` naming `code`; the failure is audited all the same."""
    staff = db.session.execute(select(Staff).where(Staff.id == staff_id).with_for_update()).scalar_one()
    if recovery_codes.looks_like_one(code):
        left = recovery_codes.use(context, recovery_codes.of_staff(staff_id), code)
        if left is not None:
            mail.recovery_code_used(context, staff_recipients.recipient(context, staff_id))
            audit.record(context, "staff.recovery_code_used", staff_id=staff_id, left=left)
            return
    elif staff.totp_seed:
        step = totp.matching_step(staff.totp_seed, code, context.now, staff.totp_last_step)
        if step is not None:
            staff.totp_last_step, staff.totp_seed = step, totp.renewed(staff.totp_seed)
            return
    audit.deny(context, "staff.second_factor_failed", staff_id=staff_id)
    raise RuleBroken.of("code", "second_factor.wrong")


def make_recovery_codes(context: Context, staff_id: int, submission: str) -> list[str]:
    """Ten new recovery codes for an employee; the ones before are worth nothing any more."""
    codes, new = recovery_codes.make(context, recovery_codes.of_staff(staff_id), submission)
    if new:
        mail.recovery_codes_made(context, staff_recipients.recipient(context, staff_id))
        audit.record(context, "staff.recovery_codes_made", staff_id=staff_id)
    return codes
