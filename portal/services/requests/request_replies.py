"""What the customer wrote about a request, and what follows from it: the clock runs on, and somebody has to look.

A prompt question about identity pauses the clock until it is answered, not until an employee has seen the answer (GDPR
12(3)); a late one leaves it running.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.models.access_request import AccessRequest, AccessRequestEvent, AccessRequestNote
from portal.models.database import connection
from portal.rules.access_requests import EventKind, NoteKind, State
from portal.rules.clock import helsinki_date
from portal.rules.context import Context


def first_replies(context: Context, request_ids: Sequence[int]) -> dict[int, date]:
    """The day on which the customer's first message after the latest question about identity came, by the request's
    row: that of a letter is the day of its receipt, not the one on which somebody wrote it down."""
    if not request_ids:
        return {}
    columns = (AccessRequestNote.request_id, AccessRequestNote.received_on, AccessRequestNote.written_at)
    statement = select(*columns).where(AccessRequestNote.request_id.in_(request_ids), _replies())
    found: dict[int, date] = {}
    for row in connection().execute(statement):
        came_on = row.received_on or helsinki_date(row.written_at)
        found[row.request_id] = min(came_on, found.get(row.request_id, came_on))
    return found


def waits_for_customer() -> ColumnElement[bool]:
    """The request's question about identity is open, and the customer has written nothing since."""
    replied = select(AccessRequestNote.id).where(AccessRequestNote.request_id == AccessRequest.id, _replies())
    return and_(
        AccessRequest.state == State.IDENTITY_CHECK.value,
        ~replied.correlate(AccessRequest).exists(),
    )


def stands_still() -> ColumnElement[bool]:
    """The request waits for the customer, and so its clock stands still: the question came in time. After a late one
    every other is later still, so that one is enough."""
    late = select(AccessRequestEvent.id).where(
        AccessRequestEvent.request_id == AccessRequest.id, AccessRequestEvent.late_reason.is_not(None)
    )
    return and_(waits_for_customer(), ~late.correlate(AccessRequest).exists())


def last_question() -> ColumnElement[datetime]:
    """The moment of the request's latest question about identity."""
    return (
        select(func.max(AccessRequestEvent.occurred_at))
        .where(
            AccessRequestEvent.request_id == AccessRequest.id,
            AccessRequestEvent.kind == EventKind.IDENTITY_ASKED.value,
        )
        .correlate(AccessRequest)
        .scalar_subquery()
    )


def customer_wrote_last() -> ColumnElement[bool]:
    """The request is open, and no employee has taken a step or written anything since the customer's last message."""
    newest = (
        select(func.max(AccessRequestNote.written_at))
        .where(AccessRequestNote.request_id == AccessRequest.id, _from_customer())
        .correlate(AccessRequest)
        .scalar_subquery()
    )
    step = select(AccessRequestEvent.id).where(
        AccessRequestEvent.request_id == AccessRequest.id,
        AccessRequestEvent.actor_kind == "staff",
        AccessRequestEvent.occurred_at >= newest,
    )
    note = select(AccessRequestNote.id).where(
        AccessRequestNote.request_id == AccessRequest.id, ~_from_customer(), AccessRequestNote.written_at >= newest
    )
    seen = or_(step.correlate(AccessRequest).exists(), note.correlate(AccessRequest).exists())
    return and_(AccessRequest.closed_at.is_(None), newest.is_not(None), ~seen)


def _from_customer() -> ColumnElement[bool]:
    return AccessRequestNote.kind == NoteKind.FROM_CUSTOMER.value


def _replies() -> ColumnElement[bool]:
    """A message of the customer that is younger than the latest question about identity, and did not come before it."""
    asked = (
        select(func.max(AccessRequestEvent.occurred_at))
        .where(
            AccessRequestEvent.request_id == AccessRequestNote.request_id,
            AccessRequestEvent.kind == EventKind.IDENTITY_ASKED.value,
        )
        .correlate(AccessRequestNote)
        .scalar_subquery()
    )
    return and_(_from_customer(), ~AccessRequestNote.before_question, AccessRequestNote.written_at > asked)
