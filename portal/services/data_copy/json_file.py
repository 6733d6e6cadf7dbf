"""The copy as one JSON file of a published, versioned form: `static/schemas/data-copy-1.json` describes it.

What is known beforehand (who, why, how long) comes first, then the tables, each streamed row by row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from portal.rules.machine_values import Machine
from portal.services.data_copy.tables import CopyTable

# Raised in its first number when a reader of the older form would misread the newer one.
VERSION = "1.0"
SCHEMA = "schemas/data-copy-1.json"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class JsonFile:
    """Writes the file piece by piece: the facts, then every table with its rows, then the end."""

    def __init__(self, facts: Mapping[str, Any], file: BinaryIO) -> None:
        self._file = file
        self._keys: tuple[str, ...] = ()
        self._tables = self._rows = 0
        self._write(_encode(facts)[:-1] + ',\n"tables":[')

    def begin(self, table: CopyTable, facts: Mapping[str, Any]) -> None:
        """Begin a table; its rows follow."""
        self._keys = tuple(item.key for item in table.columns)
        self._rows = 0
        self._write((",\n" if self._tables else "\n") + _encode(facts)[:-1] + ',"rows":[')
        self._tables += 1

    def add(self, columns: Sequence[Sequence[Machine]]) -> None:
        """Write rows, handed in as columns of machine values. What is empty in the register is left out."""
        rows = [
            _encode({key: value for key, value in zip(self._keys, row, strict=True) if value is not None})
            for row in zip(*columns, strict=True)
        ]
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
