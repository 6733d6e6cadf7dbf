"""How well access requests are answered: received and decided in a year, in time or late (GDPR 5(2), 12(3)).

What was received counts in the year of its day of receipt, whenever it was written down. Decisions are read by the
index of their moment; whether one was in time is told by Helsinki's day, which no database reckons like the other. An
extension is time for an answer, never for a refusal (12(4)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.models.access_request import AccessRequest
from portal.models.database import connection
from portal.rules.access_requests import ANSWERED, State
from portal.rules.clock import helsinki_date, helsinki_year_range
from portal.rules.context import Context
from portal.services.requests import access_request_timeline as timeline


@dataclass(frozen=True)
class Year:
    """The figures of one year. `days` is the average from receipt to decision, None where nothing was decided."""

    year: int
    received: int
    answered: int
    refused: int
    withdrawn: int
    late: int
    extended: int
    days: float | None

    @property
    def in_time(self) -> int:
        """Answers and refusals that came by their deadline."""
        return self.answered + self.refused - self.late


def years(context: Context) -> list[Year]:
    """This year and the one before."""
    this_year = helsinki_date(context.now).year
    return [_year(context, year) for year in (this_year, this_year - 1)]


def _year(context: Context, year: int) -> Year:
    start, end = helsinki_year_range(year)
    columns = [getattr(AccessRequest, name) for name in _COLUMNS]
    statement = select(*columns).where(AccessRequest.closed_at >= start, AccessRequest.closed_at < end)
    rows = connection().execute(statement).all()
    refusals_due = _refusals_due(context, rows)
    answered = refused = withdrawn = late = extended = days = 0
    for row in rows:
        if row.state == State.WITHDRAWN:
            withdrawn += 1
            continue
        closed_on = helsinki_date(row.closed_at)
        answered += row.state in ANSWERED
        refused += row.state == State.REFUSED
        late += closed_on > refusals_due.get(row.id, row.due_on)
        extended += row.extended_at is not None
        days += (closed_on - row.received_on).days
    decided = answered + refused
    average = days / decided if decided else None
    return Year(year, _received(year), answered, refused, withdrawn, late, extended, average)


def _refusals_due(context: Context, rows: Sequence[Any]) -> dict[int, date]:
    """The last day for each refusal whose `due_on` holds an extension, by the request's row."""
    after = {row.id: row.received_on for row in rows if row.state == State.REFUSED and row.extended_at is not None}
    taken = timeline.steps_of(context, list(after))
    return {number: timeline.refusal_due_on(context, day, taken[number]) for number, day in after.items()}


def _received(year: int) -> int:
    in_year = AccessRequest.received_on.between(date(year, 1, 1), date(year, 12, 31))
    return connection().execute(select(func.count()).select_from(AccessRequest).where(in_year)).scalar_one()


_COLUMNS = ("id", "state", "received_on", "due_on", "closed_at", "extended_at")
