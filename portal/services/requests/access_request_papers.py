"""What belongs to an access request on the customer's side: our letters, and messages to and from customer service.

Notes that employees write for each other are no correspondence: they stand in the data copy, never here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, select

from portal.mail import requests as mail
from portal.models.access_request import AccessRequestAttachment, AccessRequestLetter, AccessRequestNote
from portal.models.base import db
from portal.models.database import connection
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import NoteKind, State
from portal.rules.clean_text import clean_block
from portal.rules.context import Context
from portal.rules.errors import NotFound, RuleBroken
from portal.services.auditing import audit
from portal.services.foundation import stored_files
from portal.services.foundation.stored_files import FileFacts
from portal.services.requests import access_request_moves, access_requests, request_assignments

LONGEST_MESSAGE = 2000
# Messages about one request within a day: each is told to whoever answers by mail.
MOST_A_DAY = 20
A_DAY = timedelta(days=1)
SHOWN = (NoteKind.FROM_CUSTOMER.value, NoteKind.TO_CUSTOMER.value)


@dataclass(frozen=True)
class Letter:
    """A letter of ours."""

    number: str
    kind: str
    written_at: datetime


@dataclass(frozen=True)
class Message:
    """A message; `kind` says whose it is, `files` are the row numbers, names and sizes of what came with it.

    One of the customer that an employee wrote down is `written_down`, with how and when it came where that is known.
    """

    kind: str
    body: str
    written_at: datetime
    channel: str | None = None
    received_on: date | None = None
    written_down: bool = False
    files: Sequence[tuple[int, str, int]] = ()


def letters(context: Context, request_id: int) -> Sequence[Letter]:
    """The letters about a request, the oldest first."""
    columns = (AccessRequestLetter.number, AccessRequestLetter.kind, AccessRequestLetter.written_at)
    own = select(*columns).where(AccessRequestLetter.request_id == request_id).order_by(AccessRequestLetter.id)
    return [Letter(*row) for row in connection().execute(own)]


def open_letter(context: Context, customer_id: int, reference: str, number: str) -> FileFacts:
    """The PDF of a letter. Raises `NotFound` when it is not about this request of this customer."""
    request = access_requests.own_one(context, customer_id, reference).request
    own = (AccessRequestLetter.request_id == request.id, AccessRequestLetter.number == number)
    file_id = connection().execute(select(AccessRequestLetter.file_id).where(*own)).scalar()
    if file_id is None:
        raise NotFound
    return stored_files.find(context, file_id, customer_id=customer_id)


def open_file(context: Context, customer_id: int, reference: str, file_id: int) -> FileFacts:
    """A file that came with a message. Raises `NotFound` when it belongs to no message of this request of this
    customer: what employees attach to their notes is in the copy that answers a request, once somebody has looked."""
    request = access_requests.own_one(context, customer_id, reference).request
    attached = select(AccessRequestAttachment.file_id).join(
        AccessRequestNote, AccessRequestAttachment.note_id == AccessRequestNote.id
    )
    own = (AccessRequestNote.request_id == request.id, AccessRequestNote.kind.in_(SHOWN))
    if connection().execute(attached.where(*own, AccessRequestAttachment.file_id == file_id)).first() is None:
        raise NotFound
    return stored_files.find(context, file_id, customer_id=request.customer_id)


def messages(context: Context, request_id: int) -> Sequence[Message]:
    """What was written to and by the customer about a request, the oldest first."""
    names = ("id", "kind", "body", "written_at", "channel", "received_on", "staff_id")
    columns = [getattr(AccessRequestNote, name) for name in names]
    own = (AccessRequestNote.request_id == request_id, AccessRequestNote.kind.in_(SHOWN))
    found = connection().execute(select(*columns).where(*own).order_by(AccessRequestNote.id)).all()
    files = _files([row.id for row in found])
    return [
        Message(
            **{name: getattr(row, name) for name in ("kind", "body", "written_at", "channel", "received_on")},
            written_down=row.kind == NoteKind.FROM_CUSTOMER.value and row.staff_id is not None,
            files=files.get(row.id, ()),
        )
        for row in found
    ]


def write(context: Context, customer_id: int, reference: str, body: str, submission: str) -> None:
    """Store a message of the customer about a request that is open, and tell whoever answers it.

    The same form sent twice is one message.

    Raises `NotFound`, and `RuleBroken` naming `body`, when the request is closed, or for too many within a day.
    """
    request = access_request_moves.lock(access_requests.own_one(context, customer_id, reference).request.id)
    access_requests.check_form(submission)
    if _was_sent(request.id, submission):
        return
    if State(request.state).final:
        raise RuleBroken.of(None, "access_request.closed_to_messages")
    _check_count(context, request.id)
    if not body:
        raise RuleBroken.of("body", "access_request.message_required")
    cleaned = clean_block(body, LONGEST_MESSAGE, "body", minimum=1)
    db.session.execute(
        insert(AccessRequestNote).values(
            request_id=request.id,
            kind=NoteKind.FROM_CUSTOMER.value,
            body=cleaned,
            written_at=context.now,
            submission=submission,
        )
    )
    access_request_moves.note_reply(context, request)
    for employee in request_assignments.readers(context, customer_id, request.assigned_id):
        mail.message(context, employee, request.id)
    audit.record(context, "access_request.written_to", customer_id=customer_id, request=reference)


def _files(note_ids: Sequence[int]) -> dict[int, list[tuple[int, str, int]]]:
    """The row numbers, names and sizes of the files of these messages, by the message."""
    statement = (
        select(AccessRequestAttachment.note_id, StoredFile.id, StoredFile.name, StoredFile.size)
        .join(StoredFile, AccessRequestAttachment.file_id == StoredFile.id)
        .where(AccessRequestAttachment.note_id.in_(note_ids))
    )
    found: dict[int, list[tuple[int, str, int]]] = {}
    for row in connection().execute(statement.order_by(StoredFile.id)):
        found.setdefault(row.note_id, []).append((row.id, row.name, row.size))
    return found


def _check_count(context: Context, request_id: int) -> None:
    """Under the lock of the request, so that a script that sends at once is held up as well."""
    recent = (
        AccessRequestNote.request_id == request_id,
        AccessRequestNote.kind == NoteKind.FROM_CUSTOMER.value,
        AccessRequestNote.written_at > context.now - A_DAY,
    )
    if (
        db.session.execute(select(func.count()).select_from(AccessRequestNote).where(*recent)).scalar_one()
        >= MOST_A_DAY
    ):
        raise RuleBroken.of(None, "access_request.too_many_messages", count=MOST_A_DAY)


def _was_sent(request_id: int, submission: str) -> bool:
    sent = (AccessRequestNote.request_id == request_id, AccessRequestNote.submission == submission)
    return db.session.execute(select(AccessRequestNote.id).where(*sent)).first() is not None
