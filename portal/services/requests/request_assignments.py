"""Who answers an access request: an employee of the privacy team, of whom it is not the own record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.mail.recipients import Employee
from portal.models.access_request import AccessRequest
from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.customer import Customer
from portal.models.database import affected, connection
from portal.models.staff import Staff, at_work
from portal.rules.access_requests import EventKind
from portal.rules.context import Context
from portal.rules.errors import RuleBroken, Stale
from portal.rules.staff_roles import GRANTED, Permission
from portal.rules.texts import DEFAULT_LOCALE
from portal.services.auditing import audit
from portal.services.requests import access_request_moves as moves
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests import request_openings
from portal.services.requests.request_openings import Head

ANSWERING = tuple(role.value for role, granted in GRANTED.items() if Permission.ANSWER_REQUESTS in granted)


def team(context: Context, customer_id: int | None = None) -> Sequence[Any]:
    """Everybody who may answer requests now, as (id, name, email, language), without the customer's own employee
    account."""
    statement = select(Staff.id, Staff.name, Staff.email, Staff.language).where(
        Staff.role.in_(ANSWERING), at_work(context.now)
    )
    if customer_id is not None:
        contact = select(Customer.email_identity).where(
            Customer.id == customer_id, Customer.email_identity.is_not(None)
        )
        login = select(Account.email_identity).where(Account.customer_id == customer_id)
        statement = statement.where(Staff.email_identity.not_in(contact), Staff.email_identity.not_in(login))
    return connection().execute(statement.order_by(Staff.name, Staff.id)).all()


def readers(context: Context, customer_id: int, assigned_id: int | None) -> list[Employee]:
    """To whom news of a request go, each in their language: the assigned employee while they work in the team, else
    everybody of it."""
    members = team(context, customer_id)
    chosen = [member for member in members if member.id == assigned_id] or members
    return [Employee(member.id, member.email, member.language or DEFAULT_LOCALE) for member in chosen]


def assign(context: Context, reference: str, staff_id: int, *, version: int) -> None:
    """Give a request to an employee of the team. Raises `RuleBroken` naming `staff`, `Stale`, and `Denied`."""
    head = request_openings.require(context, reference)
    row = moves.lock(head.id)
    if row.version != version:
        raise Stale(row.version)
    if row.closed_at is not None:
        raise RuleBroken.of(None, "access_request.decided")
    if staff_id not in {member.id for member in team(context, head.customer_id)}:
        raise RuleBroken.of("staff", "request_assignment.required")
    if row.assigned_id != staff_id:
        _write(context, head, staff_id)


def assigners(_context: Context, head: Head) -> dict[datetime, str]:
    """The names of those who gave the request to somebody, by the moment: the step itself names who got it."""
    given = (
        AuditEvent.customer_id == head.customer_id,
        AuditEvent.action == "access_request.assigned",
        AuditEvent.actor_kind == "staff",
    )
    statement = select(AuditEvent.occurred_at, Staff.name).join(Staff, AuditEvent.actor_id == Staff.id).where(*given)
    return {row.occurred_at: row.name for row in connection().execute(statement)}


def take_over(context: Context, head: Head) -> None:
    """Whoever takes a step of a request that is nobody's answers it from now on."""
    if context.actor.id is not None:
        _write(context, head, context.actor.id, told=False)


def _write(context: Context, head: Head, staff_id: int, *, told: bool = True) -> None:
    """`reminded_at` is emptied: the new employee has not been reminded of anything."""
    values = {"assigned_id": staff_id, "reminded_at": None, "version": AccessRequest.version + 1}
    affected(update(AccessRequest).where(AccessRequest.id == head.id).values(**values))
    if told:
        timeline.append(context, head.id, EventKind.ASSIGNED, staff_id=staff_id)
    audit.record(
        context, "access_request.assigned", customer_id=head.customer_id, staff_id=staff_id, request=head.reference
    )
