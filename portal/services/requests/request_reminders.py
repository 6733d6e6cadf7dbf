"""Reminding whoever answers a request: a week before the deadline, two days before it, and when it is over.

Each time once, by mail to the employee who has the request, or to the whole team while nobody has it. A request whose
clock stands still reminds nobody, until the customer has written. When its deadline moves, the reminders begin
anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from portal.mail import requests as mail
from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.models.database import affected
from portal.rules.access_requests import EventKind
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests import request_assignments, request_replies

# How many days before the deadline somebody is reminded; -1 is the day after it.
STAGES = (7, 2, -1)
BATCH = 100


def remind(context: Context) -> int:
    """Remind of at most `BATCH` requests, the most urgent first. Returns how many; 0 when none is left."""
    today, reminded = helsinki_date(context.now), 0
    for row in _near(today):
        if not _is_due(row.due_on, row.reminded_at, today):
            continue
        mine = (AccessRequest.id == row.id, AccessRequest.closed_at.is_(None))
        if not affected(update(AccessRequest).where(*mine).values(reminded_at=context.now)):
            continue
        timeline.append(context, row.id, EventKind.REMINDED, staff_id=row.assigned_id)
        for employee in request_assignments.readers(context, row.customer_id, row.assigned_id):
            mail.due(context, employee, row.id)
        reminded += 1
        if reminded == BATCH:
            break
    return reminded


def _near(today: date) -> Sequence[Any]:
    columns = [getattr(AccessRequest, name) for name in ("id", "customer_id", "due_on", "assigned_id", "reminded_at")]
    statement = select(*columns).where(
        AccessRequest.closed_at.is_(None),
        AccessRequest.due_on <= today + timedelta(days=STAGES[0]),
        ~request_replies.stands_still(),
    )
    # Locked, so that two workers at once remind once.
    return db.session.execute(statement.order_by(AccessRequest.due_on, AccessRequest.id).with_for_update()).all()


def _is_due(due_on: date, reminded_at: datetime | None, today: date) -> bool:
    """Whether a stage has come since the last reminder."""
    begun = [due_on - timedelta(days=stage) for stage in STAGES if due_on - timedelta(days=stage) <= today]
    return bool(begun) and (reminded_at is None or helsinki_date(reminded_at) < max(begun))
