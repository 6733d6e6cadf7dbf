"""The one way in which an access request changes its state: locked, held against the rules, told on the timeline.

`rules/access_requests.py` says which moves there are, who may make them and what they demand; triggers refuse any other
in the database itself. A decided request cannot be decided again, also not by two employees at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, update

from portal.models.access_request import AccessRequest, AccessRequestCheck, AccessRequestLetter
from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.rules import deadlines
from portal.rules.access_requests import CHECKLIST, LONGEST_TEXT, Demand, EventKind, Move, State
from portal.rules.access_requests import move as allowed_move
from portal.rules.clean_text import clean_block
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.errors import NotFound, Problem, RuleBroken, Stale
from portal.services.auditing import audit
from portal.services.data_copy import data_copies
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests import request_notices
from portal.services.requests.access_request_timeline import Step


@dataclass(frozen=True)
class _Try:
    """A move that is being made, with all that its demands are held against."""

    context: Context
    request: Row[Any]
    move: Move
    steps: list[Step]
    reason: str | None
    letter_id: int | None
    answered_on: date | None
    late_reason: str | None

    @property
    def late(self) -> bool:
        """Whether it is a question about identity that comes too late to stop the clock."""
        asks = self.move.event is EventKind.IDENTITY_ASKED
        return asks and not deadlines.stops_clock(self.request.received_on, helsinki_date(self.context.now))

    @property
    def extends(self) -> bool:
        """Whether it announces that the answer takes longer."""
        return self.move.event is EventKind.EXTENDED


def move(
    context: Context,
    request_id: int,
    to: State,
    *,
    version: int | None = None,
    reason: str | None = None,
    letter_id: int | None = None,
    answered_on: date | None = None,
    late_reason: str | None = None,
) -> None:
    """Change the state of a request. The letter, the checklist and the copy are there before; all in one transaction.

    `answered_on` is the day on which a question about identity was answered; left out, that of the customer's first
    message since. `late_reason` says why such a question comes late; with a prompt one nothing is stored. Raises
    `RuleBroken` when the request is decided, when the move is not allowed or not this actor's, and naming every demand
    that is not met; `Stale` when the request moved on since `version`; `NotFound` for an unknown number.
    """
    request = lock(request_id)
    before = State(request.state)
    if before.final:
        raise RuleBroken.of(None, "access_request.decided")
    if version is not None and version != request.version:
        raise Stale(request.version)
    found = allowed_move(before, to)
    if found is None or context.actor.kind not in found.by:
        raise RuleBroken.of(None, "access_request.no_such_move")
    steps = timeline.steps(context, request_id)
    tried = _Try(context, request, found, steps, _cleaned(reason), letter_id, answered_on, _cleaned(late_reason))
    _hold_to_demands(tried)
    _append(tried)
    _write(tried, to)
    if Demand.COPY in found.demands:
        data_copies.begin_time(context, request_id)
    if to is State.WITHDRAWN:
        request_notices.withdrawn(context, request)
    about = {"customer_id": request.customer_id, "request": request.reference}
    if tried.late:
        audit.record(context, "access_request.asked_late", **about)
    audit.record(context, "access_request.moved", **about, state=_LOGGED.get(found.event, to).value)


def lock(request_id: int) -> Row[Any]:
    """The columns of a request, locked until the end of the transaction. Raises `NotFound`."""
    own = select(*AccessRequest.__table__.columns).where(AccessRequest.id == request_id)
    row = db.session.execute(own.with_for_update()).first()
    if row is None:
        raise NotFound
    return row


def note_reply(context: Context, request: Row[Any]) -> None:
    """Reckon the deadline of a locked request anew after a message of the customer: it may end a pause."""
    if State(request.state) is State.IDENTITY_CHECK:
        due_on = timeline.deadline(context, request.received_on, timeline.steps(context, request.id)).due_on
        db.session.execute(update(AccessRequest).where(AccessRequest.id == request.id).values(due_on=due_on))


def _append(tried: _Try) -> None:
    question = timeline.open_question(tried.steps)
    # An extension settles no question: what is answered there waits for the step that does.
    settled = None if tried.extends or question is None else question.replied_on
    timeline.append(
        tried.context,
        tried.request.id,
        tried.move.event,
        reason=tried.reason,
        letter_id=tried.letter_id,
        answered_on=tried.answered_on or settled,
        late_reason=tried.late_reason if tried.late else None,
    )


def _write(tried: _Try, to: State) -> None:
    now = tried.context.now
    taken = timeline.steps(tried.context, tried.request.id)
    values: dict[str, Any] = {"state": to.value, "version": tried.request.version + 1}
    # Nothing else moves the deadline, and triggers refuse that it moves for anything else.
    if State.IDENTITY_CHECK.value == tried.request.state or tried.extends:
        values["due_on"] = timeline.deadline(tried.context, tried.request.received_on, taken).due_on
    if to.final:
        values["closed_at"] = now
    if tried.extends:
        values["extended_at"] = now
    db.session.execute(update(AccessRequest).where(AccessRequest.id == tried.request.id).values(**values))


def _cleaned(reason: str | None) -> str | None:
    return clean_block(reason, LONGEST_TEXT, "reason") or None if reason else None


def _hold_to_demands(tried: _Try) -> None:
    unmet = [demand for demand in Demand if demand in tried.move.demands and not _MET[demand](tried)]
    if unmet:
        raise RuleBroken(*(Problem(_FIELDS.get(demand), f"access_request.demand.{demand}") for demand in unmet))


def _letter_is_written(tried: _Try) -> bool:
    """Whether the letter is about this request and of the kind that the move sends."""
    if tried.letter_id is None or tried.move.letter is None:
        return False
    letter = select(AccessRequestLetter.id).where(
        AccessRequestLetter.id == tried.letter_id,
        AccessRequestLetter.request_id == tried.request.id,
        AccessRequestLetter.kind == tried.move.letter.value,
    )
    return db.session.execute(letter).first() is not None


def _checklist_is_done(tried: _Try) -> bool:
    attested = select(func.count()).where(
        AccessRequestCheck.request_id == tried.request.id, AccessRequestCheck.source.in_(CHECKLIST)
    )
    return db.session.execute(attested).scalar_one() == len(CHECKLIST)


def _copy_is_ready(tried: _Try) -> bool:
    """Whether the newest copy is there, and whole where everything is given: it is the one the customer gets."""
    own = select(DataCopy.state, DataCopy.left_out).where(DataCopy.request_id == tried.request.id)
    newest = db.session.execute(own.order_by(DataCopy.id.desc()).limit(1)).first()
    if newest is None or newest.state != "ready":
        return False
    return tried.move.event is not EventKind.ANSWERED or not newest.left_out


def _is_in_first_month(tried: _Try) -> bool:
    return timeline.may_extend(tried.context, tried.request.received_on, tried.steps)


_MET: dict[Demand, Callable[[_Try], bool]] = {
    Demand.REASON: lambda tried: tried.reason is not None,
    Demand.LETTER: _letter_is_written,
    Demand.CHECKLIST: _checklist_is_done,
    Demand.COPY: _copy_is_ready,
    Demand.FIRST_MONTH: _is_in_first_month,
    Demand.EXTENDED: lambda tried: tried.request.extended_at is not None,
    Demand.NOT_EXTENDED: lambda tried: tried.request.extended_at is None,
    Demand.LATE_REASON: lambda tried: not tried.late or tried.late_reason is not None,
}
_FIELDS = {Demand.REASON: "reason", Demand.LATE_REASON: "late_reason"}
# The log names what was done, which is not always the state that follows: an extension while a question about identity
# is open leaves that state, and whoever is identified then finds the time extended already, which is logged once.
_LOGGED = {EventKind.EXTENDED: State.EXTENDED, EventKind.IDENTITY_CONFIRMED: State.IN_PROGRESS}
