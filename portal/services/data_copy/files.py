"""The files about a customer that go into the copy: letters, and what was attached to correspondence.

A file goes with the letter or the piece of correspondence that speaks of it: where that is left out, so is the file.
What is attached to a note between employees may hold something about others (GDPR 15(4)). The answer to a written
request contains it, for an employee has looked and may leave the notes out; self-service names it as not reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select

from portal.models.access_request import AccessRequestAttachment, AccessRequestLetter, AccessRequestNote
from portal.models.register import records_of
from portal.models.stored_file import StoredFile
from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.services.data_copy.about import About
from portal.services.foundation import stored_files
from portal.services.register import unreviewed

COPIES, LETTERS = "data_copy", "letter"
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
    attached = exists().where(AccessRequestAttachment.file_id == StoredFile.id)
    columns: tuple[Any, ...] = (
        StoredFile.id,
        StoredFile.kind,
        unreviewed.attached().label("internal"),
        attached.label("attached"),
    )
    return (
        select(*columns)
        .where(StoredFile.customer_id.in_(records_of(bindparam("subject_id"))), StoredFile.kind != COPIES)
        .order_by(StoredFile.id)
    )


def copied_files(context: Context, about: About, batches: Iterable[Sequence[Row[Any]]]) -> Iterator[CopiedFile]:
    """The files that the copy contains, as they are read. One whose bytes are gone meanwhile is left out."""
    held = {table.name for table in about.tables}
    if StoredFile.__tablename__ not in held:
        return
    count = 0
    for row in chain.from_iterable(batches):
        if (row.internal and about.by_self_service) or not _owners(row) <= held:
            continue
        try:
            file = stored_files.find(context, row.id, customer_id=about.customer_id)
        except NotFound:
            continue
        count += 1
        path = f"files/{count:04d}{ENDINGS.get(file.media_type, '.bin')}"
        yield CopiedFile(path, file.name, file.media_type, file.created_at, file.path)


def _owners(row: Row[Any]) -> set[str]:
    """The tables that speak of a file."""
    owners = {AccessRequestNote.__tablename__: row.attached, AccessRequestLetter.__tablename__: row.kind == LETTERS}
    return {table for table, speaks in owners.items() if speaks}
