"""From bytes to records: UTF-8, CSV as RFC 4180 has it, and the caps that hold before anything is parsed.

A byte that is no UTF-8 comes through as a lone surrogate, so that the cell it stands in can be named and the rest of
the file is still checked.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple, cast

from portal.services.imports.plain_format import BATCH_ROWS, COLUMNS, MAX_BYTES, MAX_LINE_BYTES
from portal.services.imports.problems import BadCell

_BREAK = re.compile(r"\r\n?|\n")
_PIECE = 128 * 1024
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ")


class Unreadable(Exception):
    """What follows in the file cannot be told apart into records. `problem` says where and why."""

    def __init__(self, problem: BadCell) -> None:
        super().__init__(problem.reason)
        self.problem = problem


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
        self._bytes = _CountedBytes(path)
        self._text = io.TextIOWrapper(
            cast(IO[bytes], self._bytes), encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
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
            raise Unreadable(BadCell(1, "", ",".join(names), "; ".join(faults)))
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
        reasons = {
            "unexpected end of data": "the file ends inside a quoted cell: it was cut, or a quotation mark is missing",
            "field larger than field limit (131072)": "a cell has no end: a quotation mark is missing above",
        }
        told = reasons.get(str(error), f"this is not CSV ({error}); what follows could not be checked")
        return Unreadable(BadCell(line, "", "", told))


class _CountedBytes(io.BufferedIOBase):
    """The bytes of a file in large pieces, hashed as they pass, and bounded (SECURITY 53-55)."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self.digest = hashlib.sha256()
        self._size = 0
        self._line_bytes = 0

    def refuse_archive(self) -> None:
        """Raise `Unreadable` when the first bytes are those of an archive or spreadsheet."""
        start = self._file.read(8) or b""
        self._file.seek(0)
        if start.startswith(_ARCHIVES):
            raise Unreadable(BadCell(0, "", "", "this is an archive or a spreadsheet; save the orders as CSV in UTF-8"))

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def read1(self, size: int = -1) -> bytes:
        """The next piece; `size` is only a wish, and the text layer takes what comes."""
        piece = self._file.read(_PIECE) or b""
        self.digest.update(piece)
        self._size += len(piece)
        if self._size > MAX_BYTES:
            raise Unreadable(BadCell(0, "", "", f"the file is larger than {MAX_BYTES:,} bytes"))
        end = piece.rfind(b"\n")
        self._line_bytes = len(piece) - end - 1 if end >= 0 else self._line_bytes + len(piece)
        if self._line_bytes > MAX_LINE_BYTES:
            raise Unreadable(BadCell(0, "", "", f"a line is longer than {MAX_LINE_BYTES:,} bytes: this is not CSV"))
        return piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def _header_faults(names: list[str]) -> list[str]:
    if not names:
        return ["the file is empty: the first line must be the header"]
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        return ["cells must be separated by commas"]
    faults = [f"column {name!r} is missing" for name in COLUMNS if name not in names]
    faults += [f"column {name!r} stands twice" for name in COLUMNS if names.count(name) > 1]
    faults += [f"column {name!r} is unknown" for name in dict.fromkeys(names) if name not in COLUMNS]
    return faults
