"""The timeline of an access request: its steps, the pauses that follow from them, and the deadline as of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import insert, select

from portal.models.access_request import AccessRequestEvent
from portal.models.base import db
from portal.models.database import connection
from portal.rules import deadlines
from portal.rules.access_requests import EventKind
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.deadlines import Pause


class Step(NamedTuple):
    """One step, as it was stored."""

    id: int
    kind: str
    occurred_at: datetime
    actor_kind: str
    staff_id: int | None
    reason: str | None
    letter_id: int | None


@dataclass(frozen=True)
class Deadline:
    """The last day for the answer as of today, and the day since which the clock has stood still."""

    due_on: date
    paused_since: date | None = None


_STEPS = [getattr(AccessRequestEvent, name) for name in Step._fields]


def append(
    context: Context,
    request_id: int,
    kind: EventKind,
    *,
    staff_id: int | None = None,
    reason: str | None = None,
    letter_id: int | None = None,
) -> None:
    """Add a step. Nothing ever changes or removes one while its request is open; triggers see to it.

    `staff_id` is the employee whom the step is about; left out, it is the employee who acts.
    """
    if staff_id is None and context.actor.kind == "staff":
        staff_id = context.actor.id
    db.session.execute(
        insert(AccessRequestEvent).values(
            request_id=request_id,
            kind=kind.value,
            occurred_at=context.now,
            actor_kind=context.actor.kind,
            staff_id=staff_id,
            reason=reason,
            letter_id=letter_id,
        )
    )


def steps(context: Context, request_id: int) -> list[Step]:
    """The steps of a request in the order in which they were taken."""
    return steps_of(context, [request_id])[request_id]


def steps_of(context: Context, request_ids: Sequence[int]) -> dict[int, list[Step]]:
    """The steps of several requests, by the number of the request's row."""
    found: dict[int, list[Step]] = {request_id: [] for request_id in request_ids}
    if not found:
        return found
    those = select(AccessRequestEvent.request_id, *_STEPS).where(AccessRequestEvent.request_id.in_(request_ids))
    for row in connection().execute(those.order_by(AccessRequestEvent.id)):
        found[row.request_id].append(Step._make(row[1:]))
    return found


def pauses(taken: Sequence[Step]) -> list[Pause]:
    """The pauses of the clock: from each question about identity to the step that ended it, or open still."""
    found: list[Pause] = []
    asked: date | None = None
    for step in taken:
        if step.kind == EventKind.IDENTITY_ASKED:
            asked = asked or helsinki_date(step.occurred_at)
        elif asked is not None and step.kind in _ANSWERED:
            found.append(Pause(asked, helsinki_date(step.occurred_at)))
            asked = None
    return found if asked is None else [*found, Pause(asked)]


def deadline(context: Context, received_on: date, taken: Sequence[Step]) -> Deadline:
    """The deadline as of today, from the day of receipt and the steps alone."""
    stood = pauses(taken)
    extended = any(step.kind == EventKind.EXTENDED for step in taken)
    due_on = deadlines.due(received_on, stood, today=helsinki_date(context.now), extended=extended)
    still = stood[-1].asked if stood and stood[-1].answered is None else None
    return Deadline(due_on, still)


# A refusal or a withdrawal ends the question too: after it nothing is counted any more.
_ANSWERED = (EventKind.IDENTITY_CONFIRMED, EventKind.REFUSED, EventKind.WITHDRAWN)
