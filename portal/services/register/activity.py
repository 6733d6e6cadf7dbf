"""Who looked and what happened: the views of employees with their purpose, log-ins, changes and ended sessions.

Openings come from a table that outlives the security log; changes from the provenance of each value; the rest, each
page that an employee saw included, from the security log. What employees of one role saw on one day for one purpose is
one event with its single looks. An employee is told by the role of that moment, never by name (C-579/21).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from portal.models.database import connection
from portal.models.order import Order
from portal.models.register import records_of
from portal.rules import cursors
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.services.register.activity_rows import (
    CHANGED,
    LOOKS,
    MOST_ROWS,
    OPENED,
    ORDER_VIEWED,
    SOURCES,
    VIEWS,
    statement,
)
from portal.services.register.left_out import by_table, still_left_out

PAGE_SIZE = 30
REQUEST_MOVED = "access_request.moved"
# The details of an event that say what was done; the others are told in a way of their own or are our internal numbers.
TOLD = frozenset(
    [
        "added",
        "check",
        "choice",
        "count",
        "files",
        "kind",
        "left",
        "limit",
        "note",
        "orders",
        "reason",
        "removed",
        "searched",
        "source",
    ]
)
CONSENT = "consent.recorded"
# Anybody who knows the address, or has an old copy of a cookie or a mail, can make these happen. Whatever else is done
# without a session needs the password or a link that works for hours, from the customer's own mail.
BY_ANYBODY = (
    "account.login_failed",
    "account.reauthentication_failed",
    "account.hash_corrupt",
    "account.password_reset_requested",
    "account.remembered_reused",
    "account.second_factor_failed",
    "attempts.refused",
    # The password alone proves nobody where the second factor is on.
    "account.password_accepted",
    CONSENT,
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


def read(context: Context, customer_id: int, after: str | None = None, *, views: bool = False) -> ActivityPage:
    """A page of what happened, or of the `views` of employees alone: one query, one for what is left out, and one more
    where orders were viewed. Raises `ValueError` for a bad cursor.

    A cursor holds the last row's moment and how many rows of that very moment were shown. A page ends with its last
    line, so that the looks of the day on which it ends may go on in another line of the next page.
    """
    digest = cursors.filter_digest({"customer": customer_id, "list": "views" if views else "activity"})
    cursor = cursors.decode(after, digest) if after else None
    bound: dict[str, Any] = {"customer_id": customer_id, "skip": cursor.row_id if cursor else 0}
    if cursor:
        bound["until"] = cursor.time
    hidden = by_table(still_left_out(context, customer_id))
    sources = VIEWS if views else SOURCES
    shown = tuple(table for table in sources if table not in hidden)
    reasons = frozenset(hidden[table] for table in sources if table in hidden)
    if not shown:
        return ActivityPage([], None, reasons)
    found = connection().execute(statement(shown, views=views, going_on=cursor is not None), bound).all()
    rows = _of_page(found[:MOST_ROWS])
    older = _next(rows, cursor, digest) if len(found) > len(rows) else None
    return ActivityPage(_joined(_together(_events(rows, _order_numbers(customer_id, rows)))), older, reasons)


def _of_page(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """The rows that make one page: as many as `PAGE_SIZE` lines hold."""
    lines: set[object] = set()
    for place, row in enumerate(rows):
        lines.add(_day_of_looks(row) or place)
        if len(lines) > PAGE_SIZE:
            return rows[:place]
    return rows


def _day_of_looks(row: Row[Any]) -> tuple[date, str, str | None] | None:
    """What makes looks belong together: the day in Finland, the role and the purpose. None for other rows.

    Looks of before roles were kept have none: today's may be another.
    """
    if row.origin == "view":
        return helsinki_date(row.moment), row.role, row.details
    if row.code in LOOKS:
        details = json.loads(row.details)
        return helsinki_date(row.moment), details.get("role"), details.get("purpose")
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
