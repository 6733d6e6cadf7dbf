"""What employees wrote for each other, which may hold something about others too (GDPR 15(4)).

The answer to a written request gives it, for an employee has looked and may leave it out. What a customer reads without
any employee, the privacy page and the copies by self-service, names it and says how to ask for it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Exists, case, exists, select

from portal.models.access_request import AccessRequest, AccessRequestAttachment, AccessRequestNote
from portal.models.database import connection
from portal.models.register import records_of
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import NoteKind
from portal.rules.context import Context

BODY = (AccessRequestNote.__tablename__, AccessRequestNote.body.key)
FILE = (StoredFile.__tablename__, StoredFile.name.key)
INTERNAL = AccessRequestNote.kind == NoteKind.INTERNAL.value


def reviewed(column: Column[Any]) -> ColumnElement[Any]:
    """The column without what nobody has reviewed: there it is NULL. What a file is called may name somebody, too."""
    internal = {BODY: INTERNAL, FILE: attached()}.get((column.table.name, column.name))
    return column if internal is None else case((internal, None), else_=column)


def is_unreviewed(table: str, column: str, value: Any) -> bool:
    """Whether a value that was read by `reviewed` is one of those: a note always says something, a file has a name."""
    return (table, column) in (BODY, FILE) and value is None


def attached() -> Exists:
    """Whether a stored file is attached to a note between employees."""
    return exists().where(
        AccessRequestAttachment.file_id == StoredFile.id,
        AccessRequestAttachment.note_id == AccessRequestNote.id,
        INTERNAL,
    )


def held(_context: Context, customer_id: int) -> dict[tuple[str, str], str]:
    """What of this is stored about a customer: the columns, each with the code of what it is called as a whole."""
    records = records_of(customer_id)
    notes = select(AccessRequestNote.id).join(AccessRequest, AccessRequestNote.request_id == AccessRequest.id)
    questions = {
        (*BODY, "data_copy.internal_notes"): notes.where(AccessRequest.customer_id.in_(records), INTERNAL),
        (*FILE, "data_copy.internal_attachments"): select(StoredFile.id).where(
            StoredFile.customer_id.in_(records), attached()
        ),
    }
    found = connection().execute(select(*(question.exists() for question in questions.values()))).one()
    return {(table, column): code for (table, column, code), there in zip(questions, found, strict=True) if there}
