"""The tables of a copy as CSV: RFC 4180, UTF-8, one file a table, formula-safe (SECURITY 52)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import BinaryIO

from sqlalchemy import Integer

from portal.rules import csv_cells
from portal.rules.machine_values import Machine, as_text, is_decimal
from portal.services.data_copy.tables import CopyColumn, CopyTable

# Excel reads a file as UTF-8 only when it begins with this mark.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class CsvFile:
    """Writes one table. The header names the columns as the JSON does."""

    def __init__(self, table: CopyTable, file: BinaryIO) -> None:
        self._file = file
        self._writes = [_column(item) for item in table.columns]
        file.write(BYTE_ORDER_MARK + csv_cells.line(item.key for item in table.columns).encode())

    def add(self, columns: Sequence[Sequence[Machine]]) -> None:
        """Write rows, handed in as columns of machine values."""
        cells = [write(values) for write, values in zip(self._writes, columns, strict=True)]
        lines = map(",".join, zip(*cells, strict=True))
        self._file.write(("\r\n".join(lines) + "\r\n").encode())


def _column(item: CopyColumn) -> Callable[[Sequence[Machine]], list[str]]:
    # Decimals were written by us from whole numbers: bare, so that they are numbers.
    if is_decimal(item.column.name) or isinstance(item.column.type, Integer):
        return lambda values: ["" if value is None else str(value) for value in values]
    return lambda values: ["" if value is None else _text(value) for value in values]


def _text(value: Machine) -> str:
    return csv_cells.text_cell(value if isinstance(value, str) else str(as_text(value)))
