"""Building a copy: one snapshot of the register, one pass over its rows, all formats at once.

It runs outside any transaction and writes nothing to the database.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Row, select

from portal.models.customer import Provenance
from portal.models.database import give_reader_back
from portal.models.snapshot import Snapshot, snapshot
from portal.rules.context import Context
from portal.rules.machine_values import moment
from portal.rules.register import Source
from portal.services import provenance, stored_files
from portal.services.data_copy.about import About, about
from portal.services.data_copy.archive import Archive
from portal.services.data_copy.csv_files import CsvFile
from portal.services.data_copy.facts import Facts, facts, table_facts
from portal.services.data_copy.json_file import SCHEMA, JsonFile
from portal.services.data_copy.rows import Rows
from portal.services.data_copy.tables import CopyTable
from portal.services.stored_files import Written

# The origins of a customer's details; read in the same snapshot as the details themselves.
CHANGES = "changes"


def build(context: Context, copy: Row[Any]) -> tuple[str, Written]:
    """Write the archive of a row of `data_copy`. Returns the name it is handed out by, and the whole file."""
    known = about(context, copy)
    before = facts(context, known)
    give_reader_back()
    statements = {table.name: table.statement() for table in known.tables}
    statements[CHANGES] = _changes(known)
    with stored_files.writing() as (writer, written), ExitStack() as stack:
        archive = Archive(writer, stack)
        data = archive.aside()
        json_file = JsonFile(before, data)
        with snapshot(statements, {"subject_id": known.customer_id}) as register:
            for table in known.tables:
                _add_table(archive, json_file, register, table, known)
        json_file.end()
        archive.add_file("data.json", data)
        archive.add(SCHEMA, (Path(current_app.static_folder or "") / SCHEMA).read_bytes())
        archive.end()
    return known.file_name, written[0]


def _add_table(archive: Archive, json_file: JsonFile, register: Snapshot, table: CopyTable, known: About) -> None:
    described = table_facts(table, known.language)
    if table.name == "customer":
        described["values"] = _origins(register, table)
    rows, file = Rows(table), archive.aside()
    json_file.begin(table, described)
    csv_file = CsvFile(table, file)
    for batch in register.batches(table.name):
        columns = rows.machine(batch)
        json_file.add(columns)
        csv_file.add(columns)
    json_file.end_table()
    archive.add_file(f"csv/{table.name}.csv", file)


def _changes(known: About) -> Any:
    columns = (Provenance.field, Provenance.source, Provenance.changed_at)
    return select(*columns).where(Provenance.customer_id == known.customer_id).order_by(Provenance.id)


def _origins(register: Snapshot, table: CopyTable) -> list[Facts]:
    """Of each detail that was ever changed: by which source, and when."""
    latest = {row.field: row for row in register.rows(CHANGES)}
    return [
        {
            "key": item.key,
            "source": latest[item.key].source,
            "origin": Source(latest[item.key].source).origin,
            "changed_at": moment(latest[item.key].changed_at),
        }
        for item in table.columns
        if item.key in provenance.TRACKED and item.key in latest
    ]
