"""From text to records: CSV as RFC 4180 has it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from portal.services.imports.counted_bytes import CountedBytes
from portal.services.imports.plain_format import BATCH_ROWS, COLUMNS, MAX_LINE_BYTES
from portal.services.imports.problems import BadCell, Reason, Unreadable, printable

_BREAK = re.compile(r"\r\n?|\n")


class Rows(NamedTuple):
    """Records in the order of `plain_format.COLUMNS`, and the physical line on which each begins.

    `misshapen` are the records that have not one cell for each column, as (line, number of cells).
    """

    cells: list[list[str]]
    lines: list[int]
    misshapen: list[tuple[int, int]]


class PlainFile:
    """A plain order file that is read once, from beginning to end. Close it, or use it in a `with` statement."""

    def __init__(self, path: Path) -> None:
        self._bytes = CountedBytes(path, MAX_LINE_BYTES)
        self._text = self._bytes.text()
        self._csv = csv.reader(self._text, strict=True)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was read so far."""
        return self._bytes.digest.digest()

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def header(self) -> list[int]:
        """Read the header and return for each of `COLUMNS` its position. Raises `Unreadable` naming every fault."""
        self._bytes.refuse_archive()
        try:
            names = next(self._csv, [])
        except csv.Error as error:
            raise self._unreadable(1, error) from None
        faults = _header_faults(names)
        if faults:
            received = ",".join(names)
            raise Unreadable(*(BadCell.of(1, "", received, fault) for fault in faults))
        return [names.index(name) for name in COLUMNS]

    def batches(self, positions: list[int]) -> Iterator[Rows]:
        """Read all records after the header. Raises `Unreadable` where the rest cannot be read."""
        as_written = positions == list(range(len(COLUMNS)))
        while True:
            before = self._csv.line_num
            try:
                cells = list(islice(self._csv, BATCH_ROWS))
            except csv.Error as error:
                raise self._unreadable(self._csv.line_num, error) from None
            if not cells:
                return
            rows = self._numbered(cells, before)
            if not as_written:
                rows = rows._replace(cells=[[row[position] for position in positions] for row in rows.cells])
            yield rows

    def _numbered(self, cells: list[list[str]], before: int) -> Rows:
        if self._csv.line_num - before == len(cells):
            lines = list(range(before + 1, before + 1 + len(cells)))
        else:
            lines = []
            for row in cells:
                lines.append(before + 1)
                before += 1 + sum(len(_BREAK.findall(cell)) for cell in row)
        width = len(COLUMNS)
        if {*map(len, cells)} == {width}:
            return Rows(cells, lines, [])
        # An empty line carries nothing: editors like to leave one at the end.
        wrong = [(line, len(row)) for line, row in zip(lines, cells, strict=True) if row and len(row) != width]
        right = [(line, row) for line, row in zip(lines, cells, strict=True) if len(row) == width]
        return Rows([row for _, row in right], [line for line, _ in right], wrong)

    def _unreadable(self, line: int, error: csv.Error) -> Unreadable:
        codes = {
            "unexpected end of data": "csv_cut",
            "field larger than field limit (131072)": "csv_endless_cell",
        }
        return Unreadable(BadCell.of(line, "", "", Reason.of(codes.get(str(error), "csv_broken"))))


def _header_faults(names: list[str]) -> list[Reason]:
    if not names:
        return [Reason.of("header_missing")]
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        return [Reason.of("commas")]
    missing = [name for name in COLUMNS if name not in names]
    if len(missing) > len(COLUMNS) // 2:
        # Another table altogether: to name every column of it helps nobody.
        return [Reason.of("header_other", header=",".join(COLUMNS))]
    faults = [Reason.of("column_missing", name=name) for name in missing]
    faults += [Reason.of("column_twice", name=name) for name in COLUMNS if names.count(name) > 1]
    unknown = (name for name in dict.fromkeys(names) if name not in COLUMNS)
    return faults + [Reason.of("column_unknown", name=printable(name)) for name in unknown]
