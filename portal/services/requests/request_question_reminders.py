"""Bringing a question about identity to mind that the customer has not answered for two weeks: once, to both sides.

The customer gets a message in the portal and the mail that says so; whoever answers the request gets a mail, and sees
in the correspondence that the customer was reminded. Who has no account is reminded on paper, by the employee.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, or_, select, update

from portal.mail import requests as mail
from portal.models.access_request import AccessRequest, AccessRequestNote
from portal.models.base import db
from portal.rules.access_requests import NoteKind
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.formats import format_date
from portal.rules.texts import text
from portal.services.auditing import audit
from portal.services.requests import request_assignments, request_notices, request_openings, request_replies

UNANSWERED = timedelta(days=14)
BATCH = 100


def remind(context: Context) -> int:
    """Remind of at most `BATCH` questions, the oldest first. Returns how many; 0 when none is left."""
    waiting = _unanswered(context)
    for row in waiting:
        own = update(AccessRequest).where(AccessRequest.id == row.id)
        db.session.execute(own.values(question_reminded_at=context.now))
        _write_to_customer(context, row)
        for employee in request_assignments.readers(context, row.customer_id, row.assigned_id):
            mail.unanswered(context, employee, row.id)
    return len(waiting)


def _unanswered(context: Context) -> Sequence[Any]:
    asked = request_replies.last_question()
    columns = [getattr(AccessRequest, name) for name in ("id", "reference", "customer_id", "assigned_id")]
    still = request_replies.stands_still().label("still")
    statement = select(*columns, asked.label("asked_at"), still).where(
        request_replies.waits_for_customer(),
        asked <= context.now - UNANSWERED,
        or_(AccessRequest.question_reminded_at.is_(None), AccessRequest.question_reminded_at < asked),
    )
    # Locked, so that two workers at once remind once.
    oldest = statement.order_by(AccessRequest.id).limit(BATCH).with_for_update(skip_locked=True)
    return db.session.execute(oldest).all()


def _write_to_customer(context: Context, row: Any) -> None:
    """A message of ours, which stays in the correspondence, where there is an account in which to read it."""
    head = request_openings.find(context, row.reference)
    if not request_notices.is_reader(head):
        return
    day = format_date(helsinki_date(row.asked_at), head.language)
    values = {"kind": NoteKind.TO_CUSTOMER.value, "written_at": context.now}
    body = text(f"request_reminder.question{'' if row.still else '_late'}", head.language, day=day)
    note = insert(AccessRequestNote).values(request_id=row.id, body=body, **values).returning(AccessRequestNote.id)
    request_notices.note_sent(context, head, db.session.execute(note).scalar_one())
    audit.record(
        context,
        "access_request.noted",
        customer_id=row.customer_id,
        request=row.reference,
        note=NoteKind.TO_CUSTOMER.value,
        files=0,
    )
