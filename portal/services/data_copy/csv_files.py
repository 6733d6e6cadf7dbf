"""The tables of a copy as CSV: RFC 4180, UTF-8, one file a table, formula-safe (SECURITY 52)."""

from __future__ import annotations

from typing import BinaryIO

from sqlalchemy import Integer

from portal.models.base import UtcDateTime
from portal.rules import csv_cells
from portal.rules.machine_values import as_text, is_decimal
from portal.services.data_copy.rows import Columns, Texts, Write, machine
from portal.services.data_copy.tables import CopyColumn, CopyTable

# Excel reads a file as UTF-8 only when it begins with this mark.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class CsvFile:
    """Writes one table. The header names the columns as the JSON does."""

    def __init__(self, table: CopyTable, file: BinaryIO) -> None:
        self._file = file
        self._texts = [Texts(table, n, _write(item)) for n, item in enumerate(table.columns)]
        file.write(BYTE_ORDER_MARK + csv_cells.line(item.key for item in table.columns).encode())

    def add(self, columns: Columns) -> None:
        """Write rows, handed in as columns of stored values."""
        lines = map(",".join, zip(*(texts.of(columns) for texts in self._texts), strict=True))
        self._file.write(("\r\n".join(lines) + "\r\n").encode())


def _write(item: CopyColumn) -> Write:
    of = machine(item)
    if isinstance(item.column.type, UtcDateTime):
        return lambda value, _: f'"{of(value, None)}"'
    # Decimals were written by us from whole numbers: bare, so that they are numbers.
    if is_decimal(item.column.name) or isinstance(item.column.type, Integer):
        return lambda value, other: str(of(value, other))
    return lambda value, other: csv_cells.text_cell(as_text(of(value, other)))
