"""Files beside the database: written whole or not at all, found by their row, swept when no row knows them.

A file is written under a name that nothing reads, made durable, and renamed to its own name; only then comes its row. A
crash in between leaves a file without a row, which `sweep` takes away (SECURITY 57, R6, R16).
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from flask import current_app
from sqlalchemy import delete, insert, select

from portal.models.base import db
from portal.models.database import connection
from portal.models.register import records_of
from portal.models.stored_file import StoredFile
from portal.rules.context import Context
from portal.rules.errors import NotFound

# A file that is younger may belong to a transaction that has not ended.
YOUNGEST_ORPHAN = timedelta(hours=24)
PARTIAL = ".partial"
# How many files the sweep looks up at once.
NAMES = 500
_NAME = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Written:
    """A whole file on the disk that no row knows yet."""

    uuid: uuid.UUID
    size: int
    sha256: bytes


@dataclass(frozen=True)
class FileFacts:
    """A stored file as it is handed out; `path` is where its bytes lie."""

    id: int
    customer_id: int
    kind: str
    name: str
    media_type: str
    size: int
    sha256: bytes
    created_at: datetime
    path: Path


class Writer:
    """Takes the bytes of one file, and counts and digests them on the way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write the next bytes."""
        self._digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def sha256(self) -> bytes:
        """The digest of everything written so far."""
        return self._digest.digest()


@contextmanager
def writing() -> Iterator[tuple[Writer, list[Written]]]:
    """``with writing() as (writer, written):`` gives a file; after the block `written` holds the whole.

    An exception inside the block leaves nothing behind. It needs no transaction, so that a long file holds no lock.
    """
    name = uuid.uuid4()
    folder = _folder()
    partial = folder / f"{name.hex}{PARTIAL}"
    written: list[Written] = []
    try:
        with partial.open("xb") as file:
            writer = Writer(file)
            yield writer, written
            file.flush()
            os.fsync(file.fileno())
        partial.rename(folder / name.hex)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _make_durable(folder)
    written.append(Written(name, writer.size, writer.sha256()))


def write_bytes(content: bytes | Iterable[bytes]) -> Written:
    """Write a file whose bytes are there already, or come piece by piece."""
    with writing() as (writer, written):
        for piece in (content,) if isinstance(content, bytes) else content:
            writer.write(piece)
    return written[0]


def keep(
    context: Context,
    written: Written,
    *,
    customer_id: int,
    kind: str,
    name: str,
    media_type: str,
    expires_at: datetime | None = None,
) -> int:
    """Write the row of a whole file, inside the business transaction. Returns its row number."""
    statement = insert(StoredFile).values(
        uuid=written.uuid,
        customer_id=customer_id,
        kind=kind,
        name=name,
        media_type=media_type,
        size=written.size,
        sha256=written.sha256,
        created_at=context.now,
        expires_at=expires_at,
    )
    return db.session.execute(statement.returning(StoredFile.id)).scalar_one()


def discard(written: Written) -> None:
    """Take away a whole file that is not wanted after all and that no row will ever know."""
    (_folder() / written.uuid.hex).unlink(missing_ok=True)


def scratch() -> BinaryIO:
    """A nameless file beside the others for what is being made. It is gone when it is closed, or its process killed."""
    return cast("BinaryIO", tempfile.TemporaryFile(dir=_folder()))


def find(context: Context, file_id: int, *, customer_id: int) -> FileFacts:
    """A file of this customer's records. Raises `NotFound` when it is missing, somebody else's, or has expired."""
    own = (StoredFile.id == file_id, StoredFile.customer_id.in_(records_of(customer_id)))
    row = connection().execute(select(*StoredFile.__table__.columns).where(*own)).first()
    if row is None or (row.expires_at is not None and row.expires_at <= context.now):
        raise NotFound
    path = _folder() / row.uuid.hex
    if not path.is_file():
        raise NotFound
    return FileFacts(
        id=row.id,
        customer_id=row.customer_id,
        kind=row.kind,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        created_at=row.created_at,
        path=path,
    )


def delete_rows(context: Context, *condition: object) -> int:
    """Delete the rows of files; `sweep` takes the bytes away after the commit. Returns how many."""
    # SQLAlchemy types a condition more narrowly than what `where` takes.
    gone = db.session.execute(delete(StoredFile).where(*condition).returning(StoredFile.uuid))  # type: ignore[arg-type]
    return len(gone.all())


def sweep(context: Context) -> int:
    """Delete files on the disk that no row knows and that no running transaction can still mean. Returns how many."""
    oldest, gone = (context.now - YOUNGEST_ORPHAN).timestamp(), 0
    with os.scandir(_folder()) as entries:
        old = (Path(entry.path) for entry in entries if _is_older(entry, oldest))
        while batch := list(islice(old, NAMES)):
            known = _known(batch)
            for path in batch:
                if path.name not in known:
                    path.unlink(missing_ok=True)
                    gone += 1
    return gone


def _is_older(entry: os.DirEntry[str], moment: float) -> bool:
    try:
        return entry.stat().st_mtime < moment
    except FileNotFoundError:
        # The sweep of another worker was first.
        return False


def _known(paths: Iterable[Path]) -> set[str]:
    """The names of those files that a row knows. What is not called like a file of ours, no row does."""
    names = [uuid.UUID(path.name) for path in paths if _NAME.fullmatch(path.name)]
    return {
        name.hex for name in connection().execute(select(StoredFile.uuid).where(StoredFile.uuid.in_(names))).scalars()
    }


def _folder() -> Path:
    folder = Path(current_app.config["PORTAL_DATA_DIR"]) / "files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _make_durable(folder: Path) -> None:
    """A rename is on the disk for good once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
