"""The copy as one JSON file of a published, versioned form: `static/schemas/data-copy-1.json` describes it.

What is known beforehand (who, why, how long) comes first, then the tables, each streamed row by row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from portal.services.data_copy.rows import Columns, Texts, Write, machine
from portal.services.data_copy.tables import CopyColumn, CopyTable

# Raised in its first number when a reader of the older form would misread the newer one.
VERSION = "1.2"
SCHEMA = "schemas/data-copy-1.json"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class JsonFile:
    """Writes the file piece by piece: the facts, then every table with its rows, then the end."""

    def __init__(self, facts: Mapping[str, Any], file: BinaryIO) -> None:
        self._file = file
        self._texts: list[Texts] = []
        self._tables = self._rows = 0
        self._write(_encode(facts)[:-1] + ',\n"tables":[')

    def begin(self, table: CopyTable, facts: Mapping[str, Any]) -> None:
        """Begin a table; its rows follow."""
        self._texts = [Texts(table, n, _write(item)) for n, item in enumerate(table.columns)]
        self._rows = 0
        self._write((",\n" if self._tables else "\n") + _encode(facts)[:-1] + ',"rows":[')
        self._tables += 1

    def add(self, columns: Columns) -> None:
        """Write rows, handed in as columns of stored values. What is empty in the register is left out."""
        members = zip(*(texts.of(columns) for texts in self._texts), strict=True)
        rows = ["{" + ",".join(filter(None, row)) + "}" for row in members]
        self._write((",\n" if self._rows else "\n") + ",\n".join(rows))
        self._rows += len(rows)

    def end_table(self) -> int:
        """End the table; returns how many rows it has."""
        self._write("]}")
        return self._rows

    def end(self) -> None:
        """End the file."""
        self._write("\n]}\n")

    def _write(self, text: str) -> None:
        self._file.write(text.encode())


def _write(item: CopyColumn) -> Write:
    """Writes a value with its name, as a member of the row's object."""
    of, name = machine(item), f"{_encode(item.key)}:"
    return lambda value, other: name + _encode(of(value, other))
