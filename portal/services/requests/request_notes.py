"""Correspondence about a request: notes of the team, what the customer sent, and what we write to the customer.

A message of ours is read in the portal; the mail only says that there is one. Files are judged by their content and get
their names from us (SECURITY 53-57). The same form sent twice counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from portal.models.access_request import AccessRequestAttachment, AccessRequestNote
from portal.models.base import db
from portal.models.database import connection
from portal.models.staff import Staff
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import LONGEST_TEXT, NoteKind
from portal.rules.attachments import MOST_FILES, FileType, file_type
from portal.rules.clean_text import clean_block
from portal.rules.context import Context
from portal.rules.errors import NotFound, RuleBroken
from portal.services.auditing import audit
from portal.services.foundation import stored_files
from portal.services.foundation.stored_files import FileFacts
from portal.services.requests import access_request_moves as moves
from portal.services.requests import access_requests, request_notices, request_openings
from portal.services.requests.request_openings import Head

KIND = "attachment"
# What comes with an attachment; our own words to the customer are letters or text.
WITH_FILES = (NoteKind.INTERNAL, NoteKind.FROM_CUSTOMER)


@dataclass(frozen=True)
class Note:
    """A piece of correspondence with its files as (row number, name, size)."""

    kind: str
    body: str
    written_at: datetime
    staff_name: str | None
    files: Sequence[Any]


def add(context: Context, reference: str, kind: NoteKind, body: str, files: Sequence[bytes], submission: str) -> str:
    """Store a note. Returns the code of the text that says what follows.

    Raises `RuleBroken` naming `body` or `files`, and `Denied` when the request is not open.
    """
    head = request_openings.require(context, reference)
    row = moves.lock(head.id)
    access_requests.check_form(submission)
    if _was_sent(head.id, submission):
        return "request_note.stored"
    cleaned = clean_block(body, LONGEST_TEXT, "body", minimum=1, missing=f"request_note.required.{kind}")
    types = _checked(kind, files)
    statement = insert(AccessRequestNote).values(
        request_id=head.id,
        kind=kind.value,
        body=cleaned,
        written_at=context.now,
        staff_id=context.actor.id,
        submission=submission,
    )
    note_id = db.session.execute(statement.returning(AccessRequestNote.id)).scalar_one()
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
    columns = [getattr(AccessRequestNote, name) for name in ("id", "kind", "body", "written_at")]
    statement = (
        select(*columns, Staff.name.label("staff_name"))
        .outerjoin_from(AccessRequestNote, Staff, AccessRequestNote.staff_id == Staff.id)
        .where(AccessRequestNote.request_id == request_id)
        .order_by(AccessRequestNote.id)
    )
    rows = connection().execute(statement).all()
    files: dict[int, list[Any]] = {}
    for row in connection().execute(_files(request_id)):
        files.setdefault(row.note_id, []).append(row)
    return [Note(row.kind, row.body, row.written_at, row.staff_name, files.get(row.id, [])) for row in rows]


def open_file(context: Context, head: Head, file_id: int) -> FileFacts:
    """An attachment of this request. Raises `NotFound`."""
    if connection().execute(_files(head.id).where(StoredFile.id == file_id)).first() is None:
        raise NotFound
    return stored_files.find(context, file_id, customer_id=head.customer_id)


def _files(request_id: int) -> Any:
    return (
        select(AccessRequestAttachment.note_id, StoredFile.id, StoredFile.name, StoredFile.size)
        .join_from(AccessRequestAttachment, StoredFile, AccessRequestAttachment.file_id == StoredFile.id)
        .join(AccessRequestNote, AccessRequestAttachment.note_id == AccessRequestNote.id)
        .where(AccessRequestNote.request_id == request_id)
        .order_by(StoredFile.id)
    )


def _checked(kind: NoteKind, files: Sequence[bytes]) -> list[FileType]:
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
