"""The timeline of an access request: its steps, the pauses that follow from them, and the deadline as of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from portal.services.requests import request_replies


class Step(NamedTuple):
    """One step, as it was stored. `answered_on` stands with the step that ends a question about identity, `late_reason`
    with a question that came too late to stop the clock. `replied_on` is not stored: the day of the customer's first
    message after a question that is open."""

    id: int
    kind: str
    occurred_at: datetime
    actor_kind: str
    staff_id: int | None
    reason: str | None
    letter_id: int | None
    answered_on: date | None = None
    late_reason: str | None = None
    replied_on: date | None = None


@dataclass(frozen=True)
class Deadline:
    """The last day for the answer as of today, and the day since which the clock has stood still."""

    due_on: date
    paused_since: date | None = None


_STEPS = [getattr(AccessRequestEvent, name) for name in Step._fields if name != "replied_on"]


def append(
    context: Context,
    request_id: int,
    kind: EventKind,
    *,
    staff_id: int | None = None,
    reason: str | None = None,
    letter_id: int | None = None,
    answered_on: date | None = None,
    late_reason: str | None = None,
) -> None:
    """Add a step. Nothing changes one, and nothing removes it before its request has had its time; triggers see to it.

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
            answered_on=answered_on,
            late_reason=late_reason,
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
        found[row.request_id].append(Step(*row[1:]))
    return _with_replies(context, found)


def pauses(taken: Sequence[Step]) -> list[Pause]:
    """The pauses of the clock: from each question about identity to the day of its answer, or open still. Whether a
    question was late is a fact of the day on which it was asked: the letter told the customer so.

    Until an employee has looked, the customer's first message counts as the answer; then the day which they named. A
    refusal or a withdrawal ends the pause on the day of that message, where there was one.
    """
    found: list[Pause] = []
    pause: Pause | None = None
    for step in taken:
        if step.kind == EventKind.IDENTITY_ASKED:
            pause = pause or Pause(helsinki_date(step.occurred_at), step.replied_on, step.late_reason is not None)
        elif pause is not None and step.kind in _ANSWERED:
            found.append(replace(pause, answered=step.answered_on or helsinki_date(step.occurred_at)))
            pause = None
    return found if pause is None else [*found, pause]


def answers(taken: Sequence[Step]) -> dict[int, date]:
    """The days on which the customer answered our questions about identity, each by the last of these steps before."""
    found: dict[int, date] = {}
    since: list[Step] = []
    for step in taken:
        if step.kind == EventKind.IDENTITY_ASKED:
            since = since or [step]
        elif since and step.kind in _ANSWERED:
            _note_answer(found, since, step.answered_on)
            since = []
        elif since:
            since.append(step)
    if since:
        _note_answer(found, since, since[0].replied_on)
    return found


def open_question(taken: Sequence[Step]) -> Step | None:
    """The question about identity that nobody has settled yet."""
    last = next((step for step in reversed(taken) if step.kind in (EventKind.IDENTITY_ASKED, *_ANSWERED)), None)
    return last if last is not None and last.kind == EventKind.IDENTITY_ASKED else None


def waits_for_customer(taken: Sequence[Step]) -> bool:
    """Whether a question about identity is open and the customer has written nothing since, late or not."""
    question = open_question(taken)
    return question is not None and question.replied_on is None


def deadline(context: Context, received_on: date, taken: Sequence[Step]) -> Deadline:
    """The deadline as of today, from the day of receipt and the steps alone."""
    stood = pauses(taken)
    extended = any(step.kind == EventKind.EXTENDED for step in taken)
    due_on = deadlines.due(received_on, stood, today=helsinki_date(context.now), extended=extended)
    still = stood[-1].asked if stood and stood[-1].is_open else None
    return Deadline(due_on, still)


def may_extend(context: Context, received_on: date, taken: Sequence[Step]) -> bool:
    """Whether an extension can still be announced today: only within the first month."""
    return deadlines.may_extend(received_on, pauses(taken), today=helsinki_date(context.now))


def refusal_due_on(context: Context, received_on: date, taken: Sequence[Step]) -> date:
    """The last day for a refusal as of today: an extension gives it no time (GDPR 12(4))."""
    return deadlines.due(received_on, pauses(taken), today=helsinki_date(context.now))


def _note_answer(found: dict[int, date], since: Sequence[Step], day: date | None) -> None:
    """Note an answer behind the last of the steps since its question that an earlier day saw."""
    if day is not None:
        earlier = [step for step in since[1:] if helsinki_date(step.occurred_at) < day]
        found[(earlier or since)[-1 if earlier else 0].id] = day


def _with_replies(context: Context, found: dict[int, list[Step]]) -> dict[int, list[Step]]:
    """The steps with the day of the customer's first message at every question that is open."""
    asking = {request_id: step for request_id, taken in found.items() if (step := open_question(taken)) is not None}
    replied = request_replies.first_replies(context, list(asking))
    for request_id, day in replied.items():
        question = asking[request_id]
        found[request_id] = [step._replace(replied_on=day) if step is question else step for step in found[request_id]]
    return found


# A refusal or a withdrawal ends the question too: after it nothing is counted any more.
_ANSWERED = (EventKind.IDENTITY_CONFIRMED, EventKind.REFUSED, EventKind.WITHDRAWN)
