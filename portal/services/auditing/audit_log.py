"""Reading the audit log: filters from fixed lists, a page at a time by time (SECURITY 44, 64).

Readers see codes, numbers and their colleagues' names, never a customer's values. Each filter has an index of its own
that is walked from where the page begins, so that a page of a long log costs what the first one costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Text, select, tuple_, type_coerce, union_all

from portal.models.access_request import AccessRequest
from portal.models.audit import AuditEvent
from portal.models.base import canonical_json
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules import cursors
from portal.rules.access_requests import REFERENCE_PREFIX
from portal.rules.clock import helsinki_midnight
from portal.rules.context import ActorKind, Context
from portal.rules.customer_numbers import customer_number, row_of
from portal.rules.errors import Problem, RuleBroken
from portal.rules.typed_days import typed_day
from portal.services.auditing import audit
from portal.services.auditing.audit_events import EVENTS
from portal.services.foundation import two_way_pages

PAGE_SIZE = 50
BATCH = 1000
ACTORS: tuple[str, ...] = get_args(ActorKind)
# The filters that are typed; the others are chosen from lists.
TYPED = ("first", "last", "request")
# The same look again within this time is no news.
LOOK = timedelta(minutes=30)
# One message and many of them are one subject to whoever looks for them.
_JOINED = {"messages": "message"}
_REQUEST = re.compile(r"[A-Za-z0-9-]{1,40}")
_REFERENCE = re.compile(r"[0-9]{4}-[0-9]{4,8}", re.ASCII)
_PLACE = (AuditEvent.occurred_at, AuditEvent.seq)
_COLUMNS = (
    AuditEvent.seq,
    AuditEvent.occurred_at,
    AuditEvent.action,
    AuditEvent.actor_kind,
    AuditEvent.actor_id,
    AuditEvent.customer_id,
    AuditEvent.staff_id,
    AuditEvent.details,
    AuditEvent.request_id,
)


@dataclass(frozen=True)
class Filters:
    """What the list shows; everything left out matches every event. `action` is an event or a group of them, `customer`
    a row number, `request` the ID of a request to the server or the reference of an access request."""

    action: str | None = None
    actor: str | None = None
    employee: int | None = None
    customer: int | None = None
    first: date | None = None
    last: date | None = None
    request: str | None = None

    @property
    def used(self) -> list[str]:
        """The names of the filters that narrow the list down."""
        return [item.name for item in fields(self) if getattr(self, item.name) is not None]

    @property
    def digest(self) -> str:
        """The mark that binds a cursor to these filters."""
        return cursors.filter_digest({"list": "audit", **asdict(self)})


@dataclass(frozen=True)
class LogPage:
    """One page, newest first, with the cursors to its neighbours, None where the list ends. `staff` are the names of
    the employees in it, `customers` the UUIDs of the customers, each by row number."""

    rows: Sequence[Row[Any]]
    staff: dict[int, str]
    customers: dict[int, UUID]
    newer: str | None = None
    older: str | None = None


def groups() -> dict[str, list[str]]:
    """The events by group, in the order of the catalogue; both are offered as a filter."""
    found: dict[str, list[str]] = {}
    for action in EVENTS:
        group = action.partition(".")[0]
        found.setdefault(_JOINED.get(group, group), []).append(action)
    return found


def employees(context: Context) -> list[tuple[int, str]]:
    """Everybody who can be asked for, by name; a person without a name yet by address."""
    rows = connection().execute(select(Staff.id, Staff.name, Staff.email).order_by(Staff.name, Staff.id))
    return [(row.id, row.name or row.email) for row in rows]


def check_filters(context: Context, given: dict[str, str]) -> Filters:
    """The filters of the address, by name. Raises `ValueError` for what no list offers (SECURITY 44), and `RuleBroken`
    for what is typed into a field and cannot be meant: all of it at once.

    A customer is named by UUID; one who is not in the register is nobody that a list offers.
    """
    action, actor = (given.get(name) or None for name in ("action", "actor"))
    if action is not None and action not in EVENTS and action not in groups():
        raise ValueError("no such event")
    if actor is not None and actor not in ACTORS:
        raise ValueError("no such actor")
    employee = _employee(context, given["employee"]) if given.get("employee") else None
    customer = _customer(given["customer"]) if given.get("customer") else None
    return Filters(action, actor, employee, customer, **_typed(given))


def customer_of(context: Context, number: str) -> UUID:
    """The UUID of the customer with that number, which alone may stand in an address. Raises `RuleBroken`."""
    row_id = row_of(number)
    found = connection().execute(select(Customer.uuid).where(Customer.id == row_id)).scalar() if row_id else None
    if found is None:
        raise RuleBroken.of("number", "audit_filter.unknown_customer")
    return found


def listing(context: Context, filters: Filters, *, after: str = "", before: str = "") -> LogPage:
    """A page of the log. `after` is a cursor to what is older, `before` to what is newer.

    Raises `ValueError` for both at once and for a cursor that is malformed or of another list.
    """
    if after and before:
        raise ValueError("one direction at a time")
    cursor = _read(after or before, filters) if after or before else None
    found = _rows(filters, cursor, PAGE_SIZE + 1, newer=bool(before))
    rows, has_newer, has_older = two_way_pages.turn(found, PAGE_SIZE, after=after, before=before)
    return LogPage(
        rows,
        _names(rows),
        _uuids(rows),
        _cursor(rows[0], filters) if has_newer else None,
        _cursor(rows[-1], filters) if has_older else None,
    )


def everything(context: Context, filters: Filters) -> Iterator[Row[Any]]:
    """Every event that matches and was there when the walk began, newest first, in little memory."""
    cursor: cursors.Cursor | None = None
    while True:
        batch = _rows(filters, cursor, BATCH)
        yield from batch
        if len(batch) < BATCH:
            return
        cursor = cursors.Cursor(batch[-1].occurred_at, batch[-1].seq)


def note_reading(context: Context, filters: Filters) -> None:
    """Note that the log was read, and by which filters; the same look within half an hour is one look."""
    known = (
        select(AuditEvent.customer_id, AuditEvent.details)
        .where(AuditEvent.staff_id == context.actor.id, AuditEvent.action == "audit.read")
        .where(AuditEvent.occurred_at > context.now - LOOK)
    )
    same = (filters.customer, {"filters": filters.used})
    if all((row.customer_id, row.details) != same for row in connection().execute(known)):
        audit.record(context, "audit.read", customer_id=filters.customer, filters=filters.used)


def note_export(context: Context, filters: Filters) -> None:
    """Note that the log was taken out of the house."""
    audit.record(context, "audit.exported", customer_id=filters.customer, filters=filters.used)


def number_of(customer_id: int | None) -> str | None:
    """The number by which a customer is called."""
    return None if customer_id is None else customer_number(customer_id)


def _cursor(row: Row[Any], filters: Filters) -> str:
    # A row at a position where the portal writes none is what a reader must see, and turn the page after.
    return cursors.encode(row.occurred_at, row.seq, filters.digest, lowest=cursors.MIN_ROW_ID)


def _read(cursor: str, filters: Filters) -> cursors.Cursor:
    return cursors.decode(cursor, filters.digest, lowest=cursors.MIN_ROW_ID)


def _employee(context: Context, given: str) -> int:
    for staff_id, _name in employees(context):
        if given == str(staff_id):
            return staff_id
    raise ValueError("no such employee")


def _customer(given: str) -> int:
    found = connection().execute(select(Customer.id).where(Customer.uuid == UUID(given))).scalar()
    if found is None:
        raise ValueError("no such customer")
    return found


def _typed(given: dict[str, str]) -> dict[str, Any]:
    texts = {name: (given.get(name) or "").strip() for name in TYPED}
    days = {name: typed_day(texts[name]) for name in ("first", "last")}
    wrong = [Problem(name, "audit_filter.no_day") for name, day in days.items() if texts[name] and day is None]
    first, last = days["first"], days["last"]
    if first and last and last < first:
        wrong.append(Problem("last", "audit_filter.reversed"))
    if texts["request"] and not _REQUEST.fullmatch(texts["request"]):
        wrong.append(Problem("request", "audit_filter.no_request"))
    if wrong:
        raise RuleBroken(*wrong)
    return {**days, "request": texts["request"] or None}


def _rows(filters: Filters, cursor: cursors.Cursor | None, most: int, *, newer: bool = False) -> list[Row[Any]]:
    """The events next to the cursor, the nearest first."""
    actions = [None] if filters.action is None else groups().get(filters.action, [filters.action])
    parts = [_part(filters, action, cursor, most, newer=newer) for action in actions]
    if len(parts) == 1:
        return list(connection().execute(parts[0]))
    # Each event of a group along its own index: what is rare is found as fast as what is frequent.
    rows = union_all(*(select(part.subquery()) for part in parts)).subquery()
    order = (rows.c.occurred_at, rows.c.seq) if newer else (rows.c.occurred_at.desc(), rows.c.seq.desc())
    return list(connection().execute(select(rows).order_by(*order).limit(most)))


def _part(
    filters: Filters, action: str | None, cursor: cursors.Cursor | None, most: int, *, newer: bool
) -> Select[*tuple[Any, ...]]:
    conditions = list(_conditions(filters))
    if action is not None:
        conditions.append(AuditEvent.action == action)
    if cursor is not None:
        place, there = tuple_(*_PLACE), (cursor.time, cursor.row_id)
        conditions.append(place > there if newer else place < there)
    order = _PLACE if newer else tuple(column.desc() for column in _PLACE)
    return select(*_COLUMNS).where(*conditions).order_by(*order).limit(most)


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.actor is not None:
        yield AuditEvent.actor_kind == filters.actor
    if filters.employee is not None:
        yield AuditEvent.staff_id == filters.employee
    if filters.customer is not None:
        yield AuditEvent.customer_id == filters.customer
    if filters.request is not None:
        yield from _of_request(filters.request)
    if filters.first is not None:
        yield AuditEvent.occurred_at >= helsinki_midnight(filters.first)
    if filters.last is not None:
        yield AuditEvent.occurred_at < helsinki_midnight(filters.last + timedelta(days=1))


def _of_request(given: str) -> Iterator[ColumnElement[bool]]:
    """What happened in one request to the server, or to the access request with that reference."""
    prefix, _hyphen, number = given.upper().partition("-")
    if prefix != REFERENCE_PREFIX or not _REFERENCE.fullmatch(number):
        yield AuditEvent.request_id == given
        return
    reference = f"{prefix}-{number}"
    # The customer's own events are few and have an index; which of them name the request, only their details tell.
    owner = select(AccessRequest.customer_id).where(AccessRequest.reference == reference)
    yield AuditEvent.customer_id == owner.scalar_subquery()
    named = canonical_json({"request": reference})[1:-1]
    yield type_coerce(AuditEvent.details, Text).contains(named, autoescape=True)


def _names(rows: Sequence[Row[Any]]) -> dict[int, str]:
    wanted = {row.staff_id for row in rows} | {row.actor_id for row in rows if row.actor_kind == "staff"}
    statement = select(Staff.id, Staff.name, Staff.email).where(Staff.id.in_(wanted - {None}))
    return {row.id: row.name or row.email for row in connection().execute(statement)}


def _uuids(rows: Sequence[Row[Any]]) -> dict[int, UUID]:
    wanted = {row.customer_id for row in rows if row.customer_id is not None}
    statement = select(Customer.id, Customer.uuid).where(Customer.id.in_(wanted))
    return {row.id: row.uuid for row in connection().execute(statement)}
