"""Correspondence about a request: notes of the team, what the customer sent, and what we write to the customer.

A message of ours is read in the portal; the mail only says that there is one. Files are judged by their content and get
their names from us (SECURITY 53-57). The same form sent twice counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from portal.models.access_request import AccessRequestAttachment, AccessRequestNote
from portal.models.base import db
from portal.models.database import connection
from portal.models.message import Message
from portal.models.staff import Staff
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import LONGEST_TEXT, NoteKind
from portal.rules.attachments import MOST_FILES, FileType, file_type
from portal.rules.clean_text import clean_block
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.errors import NotFound, Problem, RuleBroken
from portal.rules.received_messages import Came, problems_of
from portal.rules.register import Retention
from portal.rules.retention import kept_since
from portal.services.auditing import audit
from portal.services.foundation import stored_files
from portal.services.foundation.stored_files import FileFacts
from portal.services.requests import access_request_moves as moves
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests import access_requests, request_notices, request_openings
from portal.services.requests.request_openings import Head

KIND = "attachment"
# What comes with an attachment; our own words to the customer are letters or text.
WITH_FILES = (NoteKind.INTERNAL, NoteKind.FROM_CUSTOMER)
_COLUMNS = ("kind", "body", "written_at", "channel", "received_on")


@dataclass(frozen=True)
class Note:
    """A piece of correspondence with its files as (row number, name, size). `by_post` is true of a message of ours of
    which no mail told: it is printed and posted."""

    kind: str
    body: str
    written_at: datetime
    channel: str | None
    received_on: date | None
    staff_name: str | None
    files: Sequence[Any]
    by_post: bool


def add(
    context: Context,
    reference: str,
    kind: NoteKind,
    body: str,
    files: Sequence[bytes],
    submission: str,
    came: Came | None = None,
) -> str:
    """Store a note; what the customer sent or said came in some way on some day. Returns the code of the text that says
    what follows.

    Raises `RuleBroken` naming `body`, `files`, `channel` or `received_on`, and `Denied` when the request is not open.
    """
    head = request_openings.require(context, reference)
    row = moves.lock(head.id)
    access_requests.check_form(submission)
    if _was_sent(head.id, submission):
        return "request_note.stored"
    values, types = _checked(context, head, kind, body, files, came or Came())
    note_id = _insert(context, head, kind, submission, values)
    for number, (content, found) in enumerate(zip(files, types, strict=True), 1):
        _attach(context, head, note_id, f"{head.reference}-{note_id}-{number}.{found.suffix}", content, found)
    audit.record(
        context,
        "access_request.noted",
        customer_id=head.customer_id,
        request=head.reference,
        note=kind.value,
        files=len(files),
    )
    if kind is NoteKind.FROM_CUSTOMER:
        moves.note_reply(context, row)
    if kind is not NoteKind.TO_CUSTOMER:
        return "request_note.stored"
    return "request_note.mailed" if request_notices.note_sent(context, head, note_id) else "request_note.to_post"


def of_request(context: Context, request_id: int) -> list[Note]:
    """The correspondence of a request, the oldest first."""
    columns = [getattr(AccessRequestNote, name) for name in ("id", *_COLUMNS)]
    statement = (
        select(*columns, Staff.name.label("staff_name"))
        .outerjoin_from(AccessRequestNote, Staff, AccessRequestNote.staff_id == Staff.id)
        .where(AccessRequestNote.request_id == request_id)
        .order_by(AccessRequestNote.id)
    )
    rows = connection().execute(statement).all()
    posted = _posted(context, rows)
    files: dict[int, list[Any]] = {}
    for row in connection().execute(_files(request_id)):
        files.setdefault(row.note_id, []).append(row)
    return [
        Note(
            **{name: getattr(row, name) for name in _COLUMNS},
            staff_name=row.staff_name,
            files=files.get(row.id, []),
            by_post=row.id in posted,
        )
        for row in rows
    ]


def _posted(context: Context, rows: Sequence[Any]) -> set[int]:
    """The numbers of the messages of ours of which no mail told, for their reader had no account. Of what is older than
    mails are kept, nothing is known."""
    since = kept_since(Retention.MESSAGES, context.now)
    ours = {row.id for row in rows if row.kind == NoteKind.TO_CUSTOMER and row.written_at >= since}
    told = (Message.kind == "request_note", Message.params.in_([{"note": note_id} for note_id in ours]))
    return ours - {params["note"] for params in connection().execute(select(Message.params).where(*told)).scalars()}


def open_file(context: Context, head: Head, file_id: int) -> FileFacts:
    """An attachment of this request. Raises `NotFound`."""
    if connection().execute(_files(head.id).where(StoredFile.id == file_id)).first() is None:
        raise NotFound
    return stored_files.find(context, file_id, customer_id=head.customer_id)


def _insert(context: Context, head: Head, kind: NoteKind, submission: str, values: dict[str, Any]) -> int:
    written = {"kind": kind.value, "written_at": context.now, "staff_id": context.actor.id, "submission": submission}
    statement = insert(AccessRequestNote).values(request_id=head.id, **written, **values)
    return db.session.execute(statement.returning(AccessRequestNote.id)).scalar_one()


def _checked(
    context: Context, head: Head, kind: NoteKind, body: str, files: Sequence[bytes], came: Came
) -> tuple[dict[str, Any], list[FileType]]:
    """The columns of what was written, and of how and when it came, and the formats of the files. Raises `RuleBroken`
    naming all that is wrong."""
    values: dict[str, Any] = {}
    types: list[FileType] = []
    problems: list[Problem] = []
    if kind is NoteKind.FROM_CUSTOMER:
        problems += problems_of(came, request_came=head.received_on, today=helsinki_date(context.now))
        values |= _arrival(context, head, came)
    try:
        values["body"] = clean_block(body, LONGEST_TEXT, "body", minimum=1, missing=f"request_note.required.{kind}")
    except RuleBroken as broken:
        problems += broken.problems
    try:
        types = _file_types(kind, files)
    except RuleBroken as broken:
        problems += broken.problems
    if problems:
        raise RuleBroken(*problems)
    return values, types


def _arrival(context: Context, head: Head, came: Came) -> dict[str, Any]:
    """What came before an open question about identity does not answer it."""
    question = timeline.open_question(timeline.steps(context, head.id))
    older = question is not None and came.on is not None and came.on < helsinki_date(question.occurred_at)
    return {"channel": came.channel, "received_on": came.on, "before_question": older}


def _files(request_id: int) -> Any:
    return (
        select(AccessRequestAttachment.note_id, StoredFile.id, StoredFile.name, StoredFile.size)
        .join_from(AccessRequestAttachment, StoredFile, AccessRequestAttachment.file_id == StoredFile.id)
        .join(AccessRequestNote, AccessRequestAttachment.note_id == AccessRequestNote.id)
        .where(AccessRequestNote.request_id == request_id)
        .order_by(StoredFile.id)
    )


def _file_types(kind: NoteKind, files: Sequence[bytes]) -> list[FileType]:
    if files and kind not in WITH_FILES:
        raise RuleBroken.of("files", "attachment.not_here")
    if len(files) > MOST_FILES:
        raise RuleBroken.of("files", "attachment.too_many", maximum=MOST_FILES)
    return [file_type(content, "files") for content in files]


def _attach(context: Context, head: Head, note_id: int, name: str, content: bytes, found: FileType) -> None:
    written = stored_files.write_bytes(content)
    file_id = stored_files.keep(
        context, written, customer_id=head.customer_id, kind=KIND, name=name, media_type=found.media_type
    )
    db.session.execute(insert(AccessRequestAttachment).values(note_id=note_id, file_id=file_id))


def _was_sent(request_id: int, submission: str) -> bool:
    sent = (AccessRequestNote.request_id == request_id, AccessRequestNote.submission == submission)
    return connection().execute(select(AccessRequestNote.id).where(*sent)).first() is not None
