"""Managing employees: roles, disabling, the end of an employment (SECURITY 22, 24, 32).

Nobody changes their own account. The last administrator who can log in and has no last day is protected, also when two
administrators act on each other at the same moment: whoever changes something holds the lock on all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.models.base import db
from portal.models.database import connection
from portal.models.session import StaffSession
from portal.models.staff import Staff, at_work
from portal.rules import employment
from portal.rules.context import Context
from portal.rules.email_identity import check_email
from portal.rules.errors import Denied, NotFound, Problem, RuleBroken
from portal.rules.staff_roles import Permission, Role, may
from portal.rules.typed_days import typed_day
from portal.services.accounts import sessions
from portal.services.auditing import audit
from portal.services.employees import staff_accounts

# The same wish sent again within this time is the same press of the button.
SAME_PRESS = timedelta(seconds=60)
FIRST_YEAR, LAST_YEAR = 1950, 2150
# The number of no row.
NOBODY = 0


@dataclass(frozen=True)
class Employee:
    """One employee as the list shows them. `state` is a code: active, invited, disabled or left."""

    id: int
    name: str
    email: str
    role: str
    state: str
    created_at: datetime
    ends_on: date | None
    sessions: int


def everybody(context: Context) -> list[Employee]:
    """All employees, those who can log in first, by name."""
    order = ["active", "invited", "left", "disabled"]
    rows = connection().execute(_EMPLOYEES.group_by(Staff.id)).all()
    found = [_employee(context, row) for row in rows]
    return sorted(found, key=lambda one: (order.index(one.state), one.name or one.email))


def get(context: Context, staff_id: int) -> Employee:
    """One employee. Raises `NotFound`."""
    row = connection().execute(_EMPLOYEES.where(Staff.id == staff_id).group_by(Staff.id)).first()
    if row is None:
        raise NotFound
    return _employee(context, row)


def invite(context: Context, email: str, role: str, name: str) -> str:
    """Make an employee, or a new link for a known one. Returns the token of the link, the same one when the button was
    pressed twice. Raises `RuleBroken`, and `Denied` for the own account."""
    problems = [] if role in set(Role) else [Problem("role", "staff.choose_role")]
    try:
        identity = check_email(email).identity
    except RuleBroken as broken:
        raise RuleBroken(*broken.problems, *problems) from None
    if problems:
        raise RuleBroken(*problems)
    known = select(Staff.id).where(Staff.email_identity == identity)
    _lock(context, db.session.execute(known).scalar() or NOBODY)
    # Asked again: whoever held the lock may have made the employee just now, perhaps with another role.
    same = known.where(Staff.role == role, at_work(context.now))
    staff_id = db.session.execute(same).scalar()
    pressed = staff_accounts.link_just_made(context, staff_id, within=SAME_PRESS) if staff_id else None
    return pressed or staff_accounts.create(context, email, role, name)


def change_role(context: Context, staff_id: int, role: str) -> None:
    """Give an employee another role; it counts from the next request on. Raises `RuleBroken`, `Denied`, `NotFound`."""
    if role not in set(Role):
        raise RuleBroken.of("role", "staff.choose_role")
    staff = _take(context, staff_id)
    if staff.role == role:
        return
    if role != Role.ADMINISTRATOR:
        _keep_an_administrator(context, staff, "role")
    before, staff.role = staff.role, role
    audit.record(context, "staff.role_changed", staff_id=staff_id, before=before, role=role)


def disable(context: Context, staff_id: int) -> None:
    """Close an employee's account and end their sessions at once. Raises `RuleBroken`, `Denied`, `NotFound`."""
    staff = _take(context, staff_id)
    if staff.disabled_at is not None:
        return
    _keep_an_administrator(context, staff, None)
    staff.disabled_at = context.now
    ended = sessions.end_all_staff(context, staff_id)
    audit.record(context, "staff.disabled", staff_id=staff_id, count=ended)


def enable(context: Context, staff_id: int) -> None:
    """Open a closed account again, with the password and second factor it had. Raises `Denied`, `NotFound`."""
    staff = _take(context, staff_id)
    if staff.disabled_at is not None:
        staff.disabled_at = None
        audit.record(context, "staff.enabled", staff_id=staff_id)


def set_end(context: Context, staff_id: int, text: str) -> None:
    """Set or clear the last day of an employment. Raises `RuleBroken` naming `ends_on`, `Denied`, `NotFound`."""
    ends_on = _day(text)
    staff = _take(context, staff_id)
    if staff.employment_ends_on == ends_on:
        return
    if ends_on is not None:
        _keep_an_administrator(context, staff, "ends_on")
    staff.employment_ends_on = ends_on
    if employment.is_over(ends_on, context.now):
        sessions.end_all_staff(context, staff_id)
    audit.record(context, "staff.end_changed", staff_id=staff_id, ends=ends_on is not None)


def _take(context: Context, staff_id: int) -> Staff:
    """The employee's row, with the lock on every administrator's. Raises `NotFound`, and what `_lock` raises."""
    found = next((row for row in _lock(context, staff_id) if row.id == staff_id), None)
    if found is None:
        raise NotFound
    return found


def _lock(context: Context, staff_id: int) -> Sequence[Staff]:
    """The rows of every administrator and of this employee, locked. Raises `Denied` for the own account, and for
    somebody whose own role or access was taken away a moment ago."""
    lock = select(Staff).where((Staff.role == Role.ADMINISTRATOR) | (Staff.id == staff_id)).order_by(Staff.id)
    rows: Sequence[Staff] = (
        db.session.execute(lock.with_for_update(), execution_options={"populate_existing": True}).scalars().all()
    )
    actor = select(Staff.role).where(Staff.id == context.actor.id, at_work(context.now))
    if staff_id == context.actor.id or not may(db.session.execute(actor).scalar() or "", Permission.MANAGE_STAFF):
        audit.deny(context, "staff.change_refused", staff_id=staff_id, reason="own_account_or_role")
        raise Denied(Permission.MANAGE_STAFF)
    return rows


def _keep_an_administrator(context: Context, staff: Staff, field: str | None) -> None:
    """Raise `RuleBroken` when after the change nobody else could administrate for as long as one can see: an
    administrator whose last day is set leaves nobody behind, however far off that day is."""
    if staff.role != Role.ADMINISTRATOR or not _can_log_in(context, staff):
        return
    administrators = select(Staff).where(Staff.role == Role.ADMINISTRATOR, Staff.id != staff.id)
    for other in db.session.execute(administrators).scalars():
        if other.employment_ends_on is None and _can_log_in(context, other):
            return
    audit.deny(context, "staff.change_refused", staff_id=staff.id, reason="last_administrator")
    raise RuleBroken.of(field, "staff.last_administrator")


def _can_log_in(context: Context, staff: Staff) -> bool:
    opened = staff.disabled_at is None and bool(staff.password_hash and staff.totp_seed)
    return opened and not employment.is_over(staff.employment_ends_on, context.now)


def _day(text: str) -> date | None:
    """The day as a browser sends it, or as one writes it in Finland."""
    if not text:
        return None
    found = typed_day(text)
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise RuleBroken.of("ends_on", "staff.end_unreadable")
    return found


_EMPLOYEES = select(
    Staff.id,
    Staff.name,
    Staff.email,
    Staff.role,
    Staff.created_at,
    Staff.disabled_at,
    Staff.employment_ends_on,
    Staff.password_hash.is_not(None).label("opened"),
    func.count(StaffSession.id).label("sessions"),
).outerjoin(StaffSession, StaffSession.staff_id == Staff.id)


def _employee(context: Context, row: Any) -> Employee:
    if row.disabled_at is not None:
        state = "disabled"
    elif employment.is_over(row.employment_ends_on, context.now):
        state = "left"
    else:
        state = "active" if row.opened else "invited"
    ends_on = row.employment_ends_on
    return Employee(row.id, row.name, row.email, row.role, state, row.created_at, ends_on, row.sessions)
