"""The second factor: six digits that change every half minute (SECURITY 26). A used step is never accepted again."""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime

import pyotp
from sqlalchemy import select

from portal.models.base import db
from portal.models.staff import Staff
from portal.rules.context import Context
from portal.rules.errors import RuleBroken
from portal.services import audit, sessions
from portal.services.keys import decrypt, encrypt
from portal.services.throttle import Attempt

STEP_SECONDS = 30
# One step to either side: telephones' clocks are rarely wrong by more.
WINDOW = (0, -1, 1)


def attempts(staff_id: int) -> tuple[Attempt, ...]:
    """What to count before a code is looked at (SECURITY 11)."""
    return Attempt("second_factor", f"staff {staff_id}"), Attempt("second_factor_hour", f"staff {staff_id}")


def new_seed() -> str:
    """A new secret, encrypted for storing."""
    return encrypt(pyotp.random_base32())


def key_uri(seed: str, name: str, issuer: str) -> str:
    """The address an authenticator reads from the QR code."""
    return pyotp.TOTP(decrypt(seed)).provisioning_uri(name=name, issuer_name=issuer)


def key_text(seed: str) -> str:
    """The secret as it is typed in by hand, in groups of four."""
    secret = decrypt(seed)
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def matching_step(seed: str, code: str, now: datetime, last_step: int) -> int | None:
    """The time step whose digits were given, if it is later than the last used one; None for a wrong code."""
    digits = "".join(unicodedata.normalize("NFKC", code).split())
    totp = pyotp.TOTP(decrypt(seed))
    current = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (current + offset for offset in WINDOW):
        same = hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), digits.encode("utf-8", "replace"))
        if same and step > last_step:
            found = step
    return found


def complete(context: Context, principal: sessions.Principal, code: str) -> str:
    """Finish the login of an employee who gave the password. Returns the session's new id for the cookie.

    Raises `RuleBroken` naming `code`; the failure is audited all the same.
    """
    use_code(context, principal.id, code)
    audit.record(context, "staff.second_factor_passed", staff_id=principal.id)
    return sessions.renew(context, principal)


def use_code(context: Context, staff_id: int, code: str) -> None:
    """Use up a code of an employee. Raises `RuleBroken` naming `code`; the failure is audited all the same."""
    staff = db.session.execute(select(Staff).where(Staff.id == staff_id).with_for_update()).scalar_one()
    step = matching_step(staff.totp_seed, code, context.now, staff.totp_last_step) if staff.totp_seed else None
    if step is None:
        audit.deny(context, "staff.second_factor_failed", staff_id=staff_id)
        raise RuleBroken.of("code", "second_factor.wrong")
    staff.totp_last_step = step
