"""Messages that did not go out, as employees see them: what stopped each, and when it is tried next (SECURITY R10).

The list says little: the kind, the customer by number, and the address with its name hidden until the customer is
opened for a purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select

from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.message import Message
from portal.rules.context import Context
from portal.rules.customer_numbers import customer_number
from portal.rules.masking import masked_email
from portal.services.auditing import audit
from portal.services.foundation import two_way_pages
from portal.services.register import customer_openings

PAGE_SIZE = 50
# Counting further would cost more than anybody gains from it.
COUNTED = 1000
STATUSES = ("failed", "waiting", "sending", "sent", "obsolete")
# What the list can be narrowed to; without a choice it shows everything that is not settled.
OFFERED = ("failed", "waiting")
OPEN = ("failed", "waiting", "sending")
_LIST = select(Message.__table__, Customer.uuid.label("customer_uuid")).join(
    Customer, Message.customer_id == Customer.id, isouter=True
)


@dataclass(frozen=True)
class Count:
    """How many messages are in a state; `more` when there are more than are counted."""

    status: str
    count: int
    more: bool


@dataclass(frozen=True)
class Listed:
    """One message of the list. `customer` is the uuid and number of the customer it is for, None for nobody known."""

    uuid: UUID
    kind: str
    recipient: str
    customer: tuple[UUID, str] | None
    for_employee: bool
    status: str
    attempts: int
    last_error: str | None
    created_at: datetime
    next_attempt_at: datetime | None


@dataclass(frozen=True)
class Page:
    """One page, newest first, with the cursors to its neighbours, None where the list ends."""

    rows: Sequence[Listed]
    newer: str | None = None
    older: str | None = None


def counts(context: Context) -> list[Count]:
    """How many messages there are in each state."""
    return [_counted(status, Message.status == status) for status in STATUSES]


def unsent(context: Context) -> Count | None:
    """What somebody should look at: messages that were given up or wait after a failure; None when there are none."""
    late = and_(Message.status == "waiting", Message.last_error.is_not(None))
    found = _counted("failed", or_(Message.status == "failed", late))
    return found if found.count else None


def check_status(status: str) -> str | None:
    """The state that the list is narrowed to. Raises `ValueError` for one that is not offered (SECURITY 44)."""
    if status and status not in OFFERED:
        raise ValueError("no such status")
    return status or None


def listing(context: Context, status: str | None, *, after: str = "", before: str = "") -> Page:
    """A page of the messages that are not settled. `after` is a cursor to what is older, `before` to what is newer.

    Raises `ValueError` for both at once and for a cursor that is malformed or of another list.
    """
    statement = _LIST.where(Message.status.in_([status] if status else OPEN))
    place, named = (Message.created_at, Message.id), {"staff": "messages", "status": status}
    found = two_way_pages.read(statement, place, PAGE_SIZE, named, after=after, before=before)
    return Page(_listed(context, found.rows), found.newer, found.older)


def note_listing(context: Context) -> None:
    """Note that the list was read."""
    audit.record(context, "staff.messages_listed")


def _counted(status: str, condition: Any) -> Count:
    some = select(Message.id).where(condition).limit(COUNTED + 1).subquery()
    count = connection().execute(select(func.count()).select_from(some)).scalar_one()
    return Count(status, min(count, COUNTED), count > COUNTED)


def _listed(context: Context, rows: Sequence[Row[Any]]) -> list[Listed]:
    opened = customer_openings.opened_now(context, {row.customer_id for row in rows if row.customer_id is not None})
    return [
        Listed(
            uuid=row.uuid,
            kind=row.kind,
            recipient=row.recipient if row.customer_id in opened else masked_email(row.recipient),
            customer=(row.customer_uuid, customer_number(row.customer_id)) if row.customer_id is not None else None,
            for_employee=row.staff_id is not None,
            status=row.status,
            attempts=row.attempts,
            last_error=row.last_error,
            created_at=row.created_at,
            next_attempt_at=row.next_attempt_at,
        )
        for row in rows
    ]
