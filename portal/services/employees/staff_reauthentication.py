"""An employee proves again who they are, with both factors, before something delicate (SECURITY 24)."""

from __future__ import annotations

from sqlalchemy import select

from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules.context import Context, Visitor
from portal.services.accounts import sessions
from portal.services.accounts.sessions import Principal
from portal.services.auditing import audit
from portal.services.employees import second_factor, staff_login
from portal.services.employees.staff_login import Outcome
from portal.services.foundation.throttle import Attempt


def attempts(principal: Principal, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before anything is looked at: as much as for a log-in, password and code together, and apart from
    it: strangers who try to log in keep nobody from proving who they are (SECURITY 12)."""
    return (
        Attempt("login_address", "again", visitor.address),
        Attempt("login_identifier", "again staff", str(principal.id)),
        Attempt("login_everyone", "again", "all"),
        *second_factor.attempts(principal.id),
    )


def check(context: Context, principal: Principal, password: str) -> Outcome:
    """Compare the password, outside any transaction: it hashes."""
    return staff_login.check(context, _email(principal), password)


def finish(context: Context, outcome: Outcome, principal: Principal, code: str) -> str | None:
    """Renew the session and return its new random id; None when the password was wrong, and then no code is used up.

    Raises `RuleBroken` naming `code`; each failure is written down.
    """
    if not staff_login.accepted(context, outcome):
        return None
    second_factor.use_code(context, principal.id, code)
    audit.record(context, "staff.reauthenticated", staff_id=principal.id)
    return sessions.renew(context, principal)


def _email(principal: Principal) -> str:
    return connection().execute(select(Staff.email).where(Staff.id == principal.id)).scalar_one()
