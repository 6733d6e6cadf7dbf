"""Who looked and what happened: the views of employees with their purpose, log-ins, changes and ended sessions.

Openings come from a table that outlives the security log; changes from the provenance of each value; the rest, each
page that an employee saw included, from the security log. What employees of one role saw on one day for one purpose is
one event with its single looks. An employee is told by role, never by name (C-579/21).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Select, String, Text, bindparam, literal, null, select, type_coerce, union_all
from sqlalchemy import cast as sql_cast

from portal.models.audit import AuditEvent
from portal.models.base import UtcDateTime
from portal.models.customer import Provenance
from portal.models.database import connection
from portal.models.order import Order
from portal.models.register import records_of
from portal.models.staff import CustomerOpening, Staff
from portal.rules import cursors
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.services.register.left_out import by_table, still_left_out
from portal.services.register.profile import SHADOWS

PAGE_SIZE = 30
# Rows read for a page: those of one day's looks become one line.
MOST_ROWS = 400
OPENED, CHANGED, ORDER_VIEWED = "staff.customer_opened", "customer.changed", "staff.order_viewed"
LOOKS = ("staff.customer_viewed", ORDER_VIEWED, "staff.request_viewed")
REQUEST_MOVED = "access_request.moved"
# Told by the openings and the provenance, in more detail and for longer.
TOLD_ELSEWHERE = (OPENED, CHANGED)
# The details of an event that say what was done; the others are told in a way of their own or are our internal numbers.
TOLD = frozenset(
    {
        *(
            "added",
            "choice",
            "count",
            "files",
            "kind",
            "left",
            "note",
            "orders",
            "reason",
            "removed",
            "searched",
            "source",
        )
    }
)
# Anybody who knows the address, or has an old copy of a cookie, can make these happen. Whatever else is done without a
# session needs the password or a link from the customer's own mail.
BY_ANYBODY = (
    "account.login_failed",
    "account.reauthentication_failed",
    "account.hash_corrupt",
    "account.password_reset_requested",
    "account.remembered_reused",
    "account.second_factor_failed",
)


@dataclass(frozen=True)
class Look:
    """One look of an employee: the code of the page, None for the opening itself; the number of the order or access
    request it was about."""

    moment: datetime
    page: str | None = None
    order: str | None = None
    request: str | None = None


@dataclass(frozen=True)
class Event:
    """One thing that happened. `who` is the kind of actor; `role`, `purpose` and `looks`, newest first, belong to views
    of a day, `fields` and `source` to changes, `request` is the number of an access request and `state` what became of
    it; `new_device` marks a log-in from an unknown browser, `more` says what was done, by the keys of `TOLD`."""

    moment: datetime
    action: str
    who: str
    fields: tuple[str, ...] = ()
    source: str | None = None
    purpose: str | None = None
    role: str | None = None
    looks: tuple[Look, ...] = ()
    request: str | None = None
    state: str | None = None
    new_device: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ActivityPage:
    """One page, newest first, and the cursor to what is older, None at the end. `left_out` are the reasons for which an
    answer in writing left some of it out."""

    events: list[Event]
    older: str | None
    left_out: frozenset[str] = frozenset()


def read(context: Context, customer_id: int, after: str | None = None) -> ActivityPage:
    """A page of what happened: one query, one for what is left out, and one more where orders were viewed. Raises
    `ValueError` for a bad cursor.

    A cursor holds the last row's moment and how many rows of that very moment were shown. A page ends with its last
    line, so that the looks of the day on which it ends may go on in another line of the next page.
    """
    digest = cursors.filter_digest({"customer": customer_id, "list": "activity"})
    cursor = cursors.decode(after, digest) if after else None
    bound: dict[str, Any] = {"customer_id": customer_id, "skip": cursor.row_id if cursor else 0}
    if cursor:
        bound["until"] = cursor.time
    hidden = by_table(still_left_out(context, customer_id))
    shown = tuple(table for table in _SOURCES if table not in hidden)
    reasons = frozenset(hidden[table] for table in _SOURCES if table in hidden)
    if not shown:
        return ActivityPage([], None, reasons)
    found = connection().execute(_statement(shown, going_on=cursor is not None), bound).all()
    rows = _of_page(found[:MOST_ROWS])
    older = _next(rows, cursor, digest) if len(found) > len(rows) else None
    return ActivityPage(_joined(_together(_events(rows, _order_numbers(customer_id, rows)))), older, reasons)


@cache
def _statement(shown: tuple[str, ...], *, going_on: bool) -> Select[tuple[Any, ...]]:
    """These of the three sources as rows of (moment, origin, id, action or field, actor, details, role)."""
    records = records_of(bindparam("customer_id", type_=BigInteger))
    rows = union_all(*(_SOURCES[table](records) for table in shown)).subquery()
    query = select(rows)
    if going_on:
        query = query.where(rows.c.moment <= bindparam("until", type_=UtcDateTime()))
    order = (rows.c.moment.desc(), rows.c.origin, rows.c.row_id.desc())
    return query.order_by(*order).limit(MOST_ROWS + 1).offset(bindparam("skip"))


def _log(records: Select[tuple[int]]) -> Select[*tuple[Any, ...]]:
    columns = (
        AuditEvent.occurred_at.label("moment"),
        literal("log").label("origin"),
        AuditEvent.seq.label("row_id"),
        AuditEvent.action.label("code"),
        AuditEvent.actor_kind.label("actor_kind"),
        type_coerce(AuditEvent.details, Text).label("details"),
        Staff.role.label("role"),
    )
    joined = select(*columns).outerjoin_from(AuditEvent, Staff, AuditEvent.staff_id == Staff.id)
    return joined.where(AuditEvent.customer_id.in_(records), AuditEvent.action.not_in(TOLD_ELSEWHERE))


def _openings(records: Select[tuple[int]]) -> Select[*tuple[Any, ...]]:
    columns = (
        CustomerOpening.opened_at,
        literal("view"),
        CustomerOpening.id,
        literal(OPENED),
        literal("staff"),
        sql_cast(CustomerOpening.purpose, Text),
        Staff.role,
    )
    joined = select(*columns).join_from(CustomerOpening, Staff, CustomerOpening.staff_id == Staff.id)
    return joined.where(CustomerOpening.customer_id.in_(records))


def _changes(records: Select[tuple[int]]) -> Select[*tuple[Any, ...]]:
    return select(
        Provenance.changed_at,
        literal("change"),
        Provenance.id,
        sql_cast(Provenance.field, String),
        Provenance.actor_kind,
        sql_cast(Provenance.source, Text),
        sql_cast(null(), String),
    ).where(Provenance.customer_id.in_(records), Provenance.field.not_in(SHADOWS))


def _of_page(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """The rows that make one page: as many as `PAGE_SIZE` lines hold."""
    lines: set[object] = set()
    for place, row in enumerate(rows):
        lines.add(_day_of_looks(row) or place)
        if len(lines) > PAGE_SIZE:
            return rows[:place]
    return rows


def _day_of_looks(row: Row[Any]) -> tuple[date, str, str | None] | None:
    """What makes looks belong together: the day in Finland, the role and the purpose. None for other rows."""
    if row.origin == "view":
        return helsinki_date(row.moment), row.role, row.details
    if row.code in LOOKS:
        return helsinki_date(row.moment), row.role, json.loads(row.details).get("purpose")
    return None


def _next(rows: Sequence[Row[Any]], cursor: cursors.Cursor | None, digest: str) -> str:
    moment = rows[-1].moment
    shown = sum(row.moment == moment for row in rows)
    if cursor is not None and cursor.time == moment:
        shown += cursor.row_id
    return cursors.encode(moment, shown, digest)


def _order_numbers(customer_id: int, rows: Sequence[Row[Any]]) -> dict[int, str]:
    viewed = {json.loads(row.details)["order"] for row in rows if row.code == ORDER_VIEWED}
    if not viewed:
        return {}
    own = select(Order.id, Order.number).where(Order.id.in_(viewed), Order.customer_id.in_(records_of(customer_id)))
    return {row.id: row.number for row in connection().execute(own)}


def _events(rows: Sequence[Row[Any]], orders: dict[int, str]) -> Iterable[Event]:
    for row in rows:
        if row.origin == "change":
            yield Event(row.moment, CHANGED, row.actor_kind, fields=(row.code,), source=row.details)
        elif (day := _day_of_looks(row)) is not None:
            _date, role, purpose = day
            looks = (_look(row, orders),)
            yield Event(row.moment, OPENED, row.actor_kind, purpose=purpose, role=role, looks=looks)
        else:
            yield _logged(row)


def _look(row: Row[Any], orders: dict[int, str]) -> Look:
    if row.origin == "view":
        return Look(row.moment)
    details = json.loads(row.details)
    order = orders.get(details["order"]) if row.code == ORDER_VIEWED else None
    # Before pages were noted, orders were.
    return Look(row.moment, details.get("page", "order"), order, details.get("request"))


def _logged(row: Row[Any]) -> Event:
    details = json.loads(row.details)
    proven = row.actor_kind == "anonymous" and row.code not in BY_ANYBODY
    return Event(
        row.moment,
        row.code,
        "customer" if proven else row.actor_kind,
        request=details.get("request"),
        state=details.get("state") if row.code == REQUEST_MOVED else None,
        new_device=details.get("new_device") is True,
        more={key: details[key] for key in details if key in TOLD},
    )


def _together(events: Iterable[Event]) -> Iterable[Event]:
    """The looks of a day for one purpose as one event, where the newest of them stands."""
    found: dict[object, Event] = {}
    for place, event in enumerate(events):
        key = (helsinki_date(event.moment), event.role, event.purpose) if event.looks else place
        first = found.get(key)
        found[key] = replace(first, looks=(*first.looks, *event.looks)) if first else event
    return found.values()


def _joined(events: Iterable[Event]) -> list[Event]:
    """The fields of one change as one event: they were saved together."""
    found: list[Event] = []
    for event in events:
        last = found[-1] if found else None
        if last is not None and event.fields and replace(last, fields=()) == replace(event, fields=()):
            # Rows come newest first; a form's fields are named in the order of the form.
            found[-1] = replace(last, fields=(*event.fields, *last.fields))
        else:
            found.append(event)
    return found


_SOURCES: dict[str, Callable[[Select[tuple[int]]], Select[*tuple[Any, ...]]]] = {
    AuditEvent.__tablename__: _log,
    CustomerOpening.__tablename__: _openings,
    Provenance.__tablename__: _changes,
}
