"""What employees wrote for each other, which may hold something about others too (GDPR 15(4)).

The answer to a written request gives it, for an employee has looked and may leave it out. What a customer reads without
any employee, the privacy page and the copies by self-service, names it and says how to ask for it. Columns that are
declared `between_us` are such words in every row; a note and the name of a file are where the note is internal. The
reasons given for a step are none: they were sent to the customer when they were written.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Exists, case, exists, select

from portal.models.access_request import AccessRequestAttachment, AccessRequestNote
from portal.models.base import Personal
from portal.models.database import connection
from portal.models.register import personal_columns
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import NoteKind
from portal.rules.context import Context
from portal.rules.register_labels import column_label, table_label
from portal.rules.texts import text
from portal.services.register.register_parts import family, rows_of

INTERNAL = AccessRequestNote.kind == NoteKind.INTERNAL.value
# Where only some rows are between employees: the code of what those are called as a whole.
WHOLE = {
    (AccessRequestNote.__tablename__, AccessRequestNote.body.key): "data_copy.internal_notes",
    (StoredFile.__tablename__, StoredFile.name.key): "data_copy.internal_attachments",
}


def hides(column: Column[Any]) -> ColumnElement[bool] | None:
    """Whether a row's value is such words; None for a column that never is. What a file is called may name somebody."""
    if (column.table.name, column.name) in WHOLE:
        return INTERNAL if column.table.name == AccessRequestNote.__tablename__ else attached()
    declared = column.info["register"]
    return column.is_not(None) if isinstance(declared, Personal) and declared.between_us else None


def reviewed(column: Column[Any]) -> ColumnElement[Any]:
    """The column without what nobody has reviewed: there it is NULL."""
    internal = hides(column)
    return column if internal is None else case((internal, None), else_=column)


def attached() -> Exists:
    """Whether a stored file is attached to a note between employees."""
    return exists().where(
        AccessRequestAttachment.file_id == StoredFile.id,
        AccessRequestAttachment.note_id == AccessRequestNote.id,
        INTERNAL,
    )


def held(_context: Context, customer_id: int, locale: str) -> dict[tuple[str, str], str]:
    """What of this is stored about a customer: the columns, each with what it is called as a whole."""
    columns = {(table, name): _column(table, name) for table, name in _names()}
    conditions = {key: hides(column) for key, column in columns.items()}
    questions = [
        rows_of(table, columns[table, name]).where(condition).exists()
        for (table, name), condition in conditions.items()
        if condition is not None
    ]
    found = connection().execute(select(*questions), {"subject_id": customer_id}).one()
    return {name: _called(*name, locale) for name, there in zip(columns, found, strict=True) if there}


def _names() -> list[tuple[str, str]]:
    declared = [(item.table, item.name) for item in personal_columns() if item.declared.between_us]
    return [*WHOLE, *declared]


def _column(table: str, name: str) -> Column[Any]:
    return family(table)[0].c[name]


def _called(table: str, name: str, locale: str) -> str:
    code = WHOLE.get((table, name))
    return text(code, locale) if code else f"{table_label(table, locale)}: {column_label(table, name, locale)}"
