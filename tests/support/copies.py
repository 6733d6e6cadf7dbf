"""Data copies made by the job, and what is in them."""

import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from portal.jobs import copies
from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.rules.context import Context
from portal.services.data_copy import data_copies
from portal.services.foundation import stored_files
from tests.support.fixtures import Transaction


@dataclass(frozen=True)
class Archive:
    """An unpacked copy: its members by name."""

    name: str
    members: dict[str, bytes]

    @classmethod
    def of(cls, name: str, content: bytes) -> "Archive":
        """Read the bytes of an archive; a damaged one fails here."""
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            assert opened.testzip() is None
            assert len(opened.namelist()) == len(set(opened.namelist()))
            return cls(name, {item: opened.read(item) for item in opened.namelist()})

    @cached_property
    def data(self) -> Any:
        """The JSON of the copy."""
        return json.loads(self.members["data.json"])

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table in the JSON."""
        (found,) = [item for item in self.data["tables"] if item["name"] == table]
        return list(found["rows"])


def keep(context: Context, customer_id: int, state: str = "ready", **details: Any) -> uuid.UUID:
    """A copy in a state, its file with a few bytes in it where it has one. `details` are columns."""
    expires_at = context.now + timedelta(days=14)
    file_id = None
    if state == "ready":
        written = stored_files.write_bytes(b"PK a copy")
        file = {"kind": "data_copy", "name": "tiedot-0badcafe-2026-11-22.zip", "media_type": "application/zip"}
        file_id = stored_files.keep(context, written, customer_id=customer_id, expires_at=expires_at, **file)
    made = {"ready_at": context.now, "expires_at": expires_at} if state in ("ready", "expired") else {}
    values = {"uuid": uuid.uuid4(), "language": "fi", "attempts": 1, "downloads": 0, "created_at": context.now}
    row = insert(DataCopy).values(
        **{**values, **made, **details, "customer_id": customer_id, "state": state}, file_id=file_id
    )
    return db.session.execute(row.returning(DataCopy.uuid)).scalar_one()


def run(app: Flask) -> None:
    """Let the job make what waits."""
    with app.app_context():
        copies.run()


def ask(transaction: Transaction, customer_id: int, language: str = "fi", **options: Any) -> uuid.UUID:
    """Have a copy made, as the portal would."""
    with transaction() as context:
        return data_copies.ask(context, customer_id, language=language, **options)


def answer(
    app: Flask, transaction: Transaction, customer_id: int, request_id: int, left_out: dict[str, str], language: str
) -> Archive:
    """The copy in part that answers a request, asked for, made and read."""
    name = ask(transaction, customer_id, language, request_id=request_id, left_out=left_out)
    run(app)
    with transaction() as context:
        file_id = db.session.execute(select(DataCopy.file_id).where(DataCopy.uuid == name)).scalar_one()
        assert file_id is not None
        found = stored_files.find(context, file_id, customer_id=customer_id)
        return Archive.of(found.name, found.path.read_bytes())


def make(app: Flask, transaction: Transaction, customer_id: int, language: str = "fi") -> Archive:
    """A copy, asked for, made and downloaded."""
    name = ask(transaction, customer_id, language)
    run(app)
    with transaction() as context:
        found = data_copies.open_file(context, customer_id, name)
        return Archive.of(found.name, found.path.read_bytes())
