"""The files about a customer that go into the copy: letters, and what was attached to correspondence.

What is attached to a note between employees is listed and not contained: such a file may hold something about others,
and nobody has looked yet (GDPR 15(4)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select

from portal.models.access_request import AccessRequestAttachment, AccessRequestNote
from portal.models.register import records_of
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import NoteKind
from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.rules.register import Category
from portal.services import stored_files
from portal.services.data_copy.about import About

COPIES = "data_copy"
# How the name of a member ends, by the type of its bytes; any other type says nothing.
ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/plain": ".txt",
}


@dataclass(frozen=True)
class CopiedFile:
    """A file on its way into the archive, where it is called `path`: no name of a user becomes a path."""

    path: str
    name: str
    media_type: str
    created_at: datetime
    source: Path


def statement() -> Select[Any]:
    """The select of all files about the customer `subject_id` but the copies themselves, oldest first."""
    internal = exists().where(
        AccessRequestAttachment.file_id == StoredFile.id,
        AccessRequestAttachment.note_id == AccessRequestNote.id,
        AccessRequestNote.kind == NoteKind.INTERNAL.value,
    )
    columns: tuple[Any, ...] = (StoredFile.id, internal.label("internal"))
    return (
        select(*columns)
        .where(StoredFile.customer_id.in_(records_of(bindparam("subject_id"))), StoredFile.kind != COPIES)
        .order_by(StoredFile.id)
    )


def copied_files(context: Context, about: About, rows: Sequence[Row[Any]]) -> list[CopiedFile]:
    """The files that the copy contains. One whose bytes are gone meanwhile is left out."""
    if Category.REQUESTS not in about.chosen:
        return []
    found: list[CopiedFile] = []
    for row in rows:
        if row.internal:
            continue
        try:
            file = stored_files.find(context, row.id, customer_id=about.customer_id)
        except NotFound:
            continue
        path = f"files/{len(found) + 1:04d}{ENDINGS.get(file.media_type, '.bin')}"
        found.append(CopiedFile(path, file.name, file.media_type, file.created_at, file.path))
    return found
