"""Building a copy: one snapshot of the register, one pass over its rows, all formats at once.

It runs outside any transaction and writes nothing to the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Row

from portal.models.database import give_reader_back
from portal.models.snapshot import Snapshot, snapshot
from portal.rules.context import Context
from portal.rules.machine_values import moment
from portal.services.data_copy import files, sources
from portal.services.data_copy.about import About, about
from portal.services.data_copy.archive import Archive
from portal.services.data_copy.csv_files import CsvFile
from portal.services.data_copy.facts import Facts, facts, table_facts
from portal.services.data_copy.files import CopiedFile
from portal.services.data_copy.index import Single, index_page
from portal.services.data_copy.json_file import SCHEMA, JsonFile
from portal.services.data_copy.pages import PartPages, WrittenPart
from portal.services.data_copy.rows import turned
from portal.services.data_copy.singles import singles
from portal.services.data_copy.sources import Sources
from portal.services.data_copy.tables import CopyTable
from portal.services.foundation import stored_files
from portal.services.foundation.stored_files import Written

FILES = "files"


def build(context: Context, copy: Row[Any]) -> tuple[str, Written]:
    """Write the archive of a row of `data_copy`. Returns the name it is handed out by, and the whole file."""
    known = about(context, copy)
    before = facts(context, known)
    give_reader_back()
    statements = {table.name: table.statement(reviewed=not known.by_self_service) for table in known.tables}
    statements |= {**sources.statements(known.customer_id), FILES: files.statement()}
    with stored_files.writing() as (writer, written), ExitStack() as stack:
        building = Building(known, Archive(writer, stack), before)
        with snapshot(statements, {"subject_id": known.customer_id}) as register:
            building.read_sources(register)
            building.add_files(files.copied_files(context, known, register.batches(FILES)))
            for table in known.tables:
                building.add_table(register, table)
        give_reader_back()
        building.end(before)
    return known.file_name, written[0]


class Building:
    """An archive that is being built: the files that grow from table to table, and what the first page will tell."""

    def __init__(self, known: About, archive: Archive, before: Facts) -> None:
        self._known = known
        self._archive = archive
        self._data = archive.aside()
        self._json = JsonFile(before, self._data)
        self._files: list[CopiedFile] = []
        self._singles: list[Single] = []
        self._written: list[WrittenPart] = []
        self._sources: Sources = {}

    def read_sources(self, register: Snapshot) -> None:
        """Read where the customer's own values come from; they follow table by table."""
        self._sources = sources.read(register)

    def add_files(self, found: Iterable[CopiedFile]) -> None:
        """Add the files that are kept about the customer, one after the other."""
        for file in found:
            self._files.append(file)
            with file.source.open("rb") as content:
                self._archive.add_file(file.path, content)

    def add_table(self, register: Snapshot, table: CopyTable) -> None:
        """Write all rows of a table in every format, in one pass."""
        locale, file = self._known.language, self._archive.aside()
        described = table_facts(table, locale)
        if table.name == "customer":
            described["values"] = sources.facts(table, self._sources)
        if table.name == "stored_file":
            described["files"] = [
                {
                    "path": file.path,
                    "name": file.name,
                    "media_type": file.media_type,
                    "created_at": moment(file.created_at),
                }
                for file in self._files
            ]
        self._json.begin(table, described)
        csv_file = CsvFile(table, file)
        pages = [PartPages(self._archive, table, part, locale) for part in table.parts]
        first: Row[Any] | None = None
        for batch in register.batches(table.name):
            columns = turned(batch)
            self._json.add(columns)
            csv_file.add(columns)
            if table.single and first is None:
                # The customer's own row stands on the first page; joined records are entries.
                first, columns = batch[0], [values[1:] for values in columns]
            for part in pages:
                part.add(columns)
        self._json.end_table()
        self._archive.add_file(f"csv/{table.name}.csv", file)
        self._written += [found for part in pages if (found := part.end()).count or not table.single]
        if table.single:
            self._singles += singles(table, first, self._sources, locale)

    def end(self, before: Facts) -> None:
        """Write what comes last: the JSON, the description of its form, the first page, the archive's directory."""
        self._json.end()
        self._archive.add_file("data.json", self._data)
        schema = Path(current_app.static_folder or "") / SCHEMA
        self._archive.add(SCHEMA, schema.read_bytes())
        self._archive.add("index.html", self._first_page(before))
        self._archive.end()

    def _first_page(self, before: Facts) -> bytes:
        return index_page(self._known, before, self._singles, self._written, self._files, self._sources)
