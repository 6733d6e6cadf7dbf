"""The queue of access requests: what is open, whose it is and how long there is left.

The list holds no name of a customer: the reference is enough to choose what to answer next, and who it is about is read
only on the request's own page, which opens for a purpose and is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Select, case, literal, select, tuple_

from portal.models.access_request import AccessRequest
from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules import cursors
from portal.rules.access_requests import State
from portal.rules.clock import helsinki_date, helsinki_midnight
from portal.rules.context import Context
from portal.services.foundation import two_way_pages
from portal.services.requests import request_replies

PAGE_SIZE = 50
# Which requests a list holds. The first is what the page begins with.
SHOWN = ("open", "mine", "unassigned", "closed")
LATEST = 5
# While the clock of a request stands still its deadline moves on with every day: it comes after those whose clock runs.
PAUSED = date(9998, 12, 31)


@dataclass(frozen=True)
class Waiting:
    """A request in a list. `days` are those left until the deadline, below zero when it is over, and None where nothing
    runs: the request is decided, or its clock stands still (`paused`). `answered` says that an open question about
    identity has its answer, `message` that the customer wrote unasked and nobody did anything since."""

    reference: str
    state: State
    channel: str
    received_on: date
    due_on: date
    closed_at: datetime | None
    repeated: bool
    assigned: str | None
    days: int | None
    paused: bool
    answered: bool
    message: bool


@dataclass(frozen=True)
class QueuePage:
    """One page of a list, with the cursors to its neighbours, None where the list ends."""

    rows: list[Waiting]
    before: str | None = None
    after: str | None = None


def listing(context: Context, shown: str, *, after: str = "", before: str = "") -> QueuePage:
    """A page of the open requests by deadline, those whose clock stands still last, or of the closed ones, the latest
    decision first.

    Raises `ValueError` for another list than those of `SHOWN`, for both directions at once and for a bad cursor.
    """
    if shown not in SHOWN or (after and before):
        raise ValueError("no such list")
    digest = cursors.filter_digest({"staff": "requests", "shown": shown, "actor": context.actor.id})
    cursor = cursors.decode(after or before, digest) if after or before else None
    found = connection().execute(_page(context, shown, cursor, backwards=bool(before))).all()
    rows, has_before, has_after = two_way_pages.turn(found, PAGE_SIZE, after=after, before=before)
    return QueuePage(
        [_waiting(context, row) for row in rows],
        cursors.encode(_place_of(rows[0]), rows[0].id, digest) if has_before else None,
        cursors.encode(_place_of(rows[-1]), rows[-1].id, digest) if has_after else None,
    )


def due_soon(context: Context) -> list[Waiting]:
    """What this employee has to answer next: the own requests and those nobody has, the nearest deadline first."""
    statement = _rows().where(
        AccessRequest.closed_at.is_(None),
        ~request_replies.stands_still(),
        (AccessRequest.assigned_id == context.actor.id) | AccessRequest.assigned_id.is_(None),
    )
    ordered = statement.order_by(AccessRequest.due_on, AccessRequest.id).limit(LATEST)
    return [_waiting(context, row) for row in connection().execute(ordered)]


def _rows() -> Select[*tuple[Any, ...]]:
    columns = [
        getattr(AccessRequest, name)
        for name in ("id", "reference", "state", "channel", "received_on", "due_on", "closed_at", "earlier_id")
    ]
    marks = (
        request_replies.stands_still().label("paused"),
        request_replies.waits_for_customer().label("waits"),
        request_replies.customer_wrote_last().label("wrote"),
    )
    return select(*columns, *marks, Staff.name.label("assigned")).outerjoin_from(
        AccessRequest, Staff, AccessRequest.assigned_id == Staff.id
    )


def _page(context: Context, shown: str, cursor: cursors.Cursor | None, *, backwards: bool) -> Select[*tuple[Any, ...]]:
    statement, closed = _rows(), shown == "closed"
    statement = statement.where(AccessRequest.closed_at.is_not(None) if closed else AccessRequest.closed_at.is_(None))
    if shown == "mine":
        statement = statement.where(AccessRequest.assigned_id == context.actor.id)
    if shown == "unassigned":
        statement = statement.where(AccessRequest.assigned_id.is_(None))
    running = case((request_replies.stands_still(), literal(PAUSED, Date)), else_=AccessRequest.due_on)
    column: Any = AccessRequest.closed_at if closed else running
    place = tuple_(column, AccessRequest.id)
    # Open requests go upwards by their deadline, closed ones downwards by their decision.
    upwards = closed is backwards
    if cursor:
        there = (cursor.time if closed else helsinki_date(cursor.time), cursor.row_id)
        statement = statement.where(place > there if upwards else place < there)
    order = (column, AccessRequest.id) if upwards else (column.desc(), AccessRequest.id.desc())
    return statement.order_by(*order).limit(PAGE_SIZE + 1)


def _place_of(row: Any) -> datetime:
    return row.closed_at or helsinki_midnight(PAUSED if row.paused else row.due_on)


def _waiting(context: Context, row: Any) -> Waiting:
    state = State(row.state)
    # A question that is open and waits no more has been answered.
    answers = state is State.IDENTITY_CHECK and not row.waits
    running = not (state.final or row.paused)
    return Waiting(
        reference=row.reference,
        state=state,
        channel=row.channel,
        received_on=row.received_on,
        due_on=row.due_on,
        closed_at=row.closed_at,
        repeated=row.earlier_id is not None,
        assigned=row.assigned,
        days=(row.due_on - helsinki_date(context.now)).days if running else None,
        paused=row.paused,
        answered=answers,
        message=row.wrote and not answers,
    )
