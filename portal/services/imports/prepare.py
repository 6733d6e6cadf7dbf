"""From records to checked orders. Nothing here touches the database.

Rows are checked in batches, column by column; an order's own columns once for the order. The checked orders wait on a
spool for the transaction that writes them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.services.imports.columns import Fault, Span, check_cells, check_lines, check_orders, line_moneys
from portal.services.imports.pauses import without_collecting
from portal.services.imports.plain_format import (
    COLUMNS,
    LINE_END,
    LINE_START,
    MAX_LINES_OF_ORDER,
    MAX_ROWS,
)
from portal.services.imports.problems import BadCell
from portal.services.imports.reading import PlainFile, Rows, Unreadable
from portal.services.imports.received import Received, assemble
from portal.services.imports.spool import Spool
from portal.services.imports.values import clean_key

Progress = Callable[[int], None]
_PARTITION = 50_000


class Prepared:
    """A file that was read to its end: its checked orders, and what is wrong with the others.

    Both lie on disk. Close it, or use it in a `with` statement.
    """

    def __init__(self) -> None:
        self.orders: Spool[Received] = Spool()
        self.problems: list[Spool[BadCell]] = [Spool()]
        self.digest = b""
        self.row_count = 0

    def add_last_problems(self, problems: Iterable[BadCell]) -> None:
        """Add what is known only at the end; a spool of its own keeps each in the order of the lines."""
        spool: Spool[BadCell] = Spool()
        spool.extend(sorted(problems))
        self.problems.append(spool)

    def close(self) -> None:
        """Give the disk space back."""
        self.orders.close()
        for spool in self.problems:
            spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@without_collecting()
def prepare(path: Path, progress: Progress = lambda rows: None) -> Prepared:
    """Read and check a plain order file. `progress` is told the number of rows read so far."""
    prepared = Prepared()
    file = PlainFile(path)
    try:
        batches = _Batches(prepared)
        for rows in file.batches(file.header()):
            batches.add(rows)
            progress(prepared.row_count)
            if prepared.row_count > MAX_ROWS:
                raise Unreadable(BadCell(0, "", "", f"the file has more than {MAX_ROWS:,} rows"))
        batches.finish()
        prepared.digest = file.digest
    except Unreadable as end:
        prepared.add_last_problems([end.problem])
    finally:
        file.close()
    return prepared


class _Batches:
    """Cuts the records into batches of whole orders and puts them on the spool."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._cells: list[list[str]] = []
        self._lines: list[int] = []
        self._misshapen: list[tuple[int, int]] = []
        # Of every order so far a 64-bit hash of its number, and its line: flat in memory for any sensible file.
        self._hashes = array("q")
        self._starts = array("q")

    def add(self, rows: Rows) -> None:
        """Check the orders that end in these rows; the last one may go on in the next ones."""
        self._prepared.row_count += len(rows.cells) + len(rows.misshapen)
        self._misshapen += rows.misshapen
        cells, lines = self._cells + rows.cells, self._lines + rows.lines
        cut = len(cells) - 1
        while cut > 0 and cells[cut][0] == cells[cut - 1][0]:
            cut -= 1
        cut = max(cut, 0)
        self._cells, self._lines = cells[cut:], lines[cut:]
        if len(self._cells) > MAX_LINES_OF_ORDER:
            problem = BadCell(lines[cut], "order_number", cells[cut][0], f"more than {MAX_LINES_OF_ORDER:,} lines")
            raise Unreadable(problem)
        self._check(cells[:cut], lines[:cut])

    def finish(self) -> None:
        """Check the last order, and that no order stands in two places."""
        self._check(self._cells, self._lines)
        self._report([], [], [], until=None)
        again = self._repeated()
        if again:
            numbers = {order[0]: order[1] for order in self._prepared.orders if order[0] in again}
            self._prepared.add_last_problems(
                BadCell(
                    line,
                    "order_number",
                    numbers.get(line, ""),
                    f"an order of this number begins on line {first}: the rows of an order must stand together",
                )
                for line, first in again.items()
            )

    def _check(self, cells: list[list[str]], lines: list[int]) -> None:
        """Put the good orders on the spool and report the others."""
        if not cells:
            return
        spans = _spans(cells)
        self._hashes.extend([hash(clean_key(cells[start][0])) for start, _ in spans])
        self._starts.extend([lines[start] for start, _ in spans])
        faults = self._spool(cells, lines, spans)
        if faults:
            self._report(faults, cells, lines, until=lines[-1])
            starts = [start for start, _ in spans]
            bad = {bisect_right(starts, fault.row) - 1 for fault in faults}
            kept = [row for number, (start, end) in enumerate(spans) if number not in bad for row in range(start, end)]
            cells, lines = [cells[row] for row in kept], [lines[row] for row in kept]
            if cells:
                self._spool(cells, lines, _spans(cells))

    def _spool(self, cells: list[list[str]], lines: list[int], spans: list[Span]) -> list[Fault]:
        starts = [start for start, _ in spans]
        own = [cells[start][:LINE_START] + cells[start][LINE_END:] for start in starts]
        orders = check_orders(own)
        items = check_lines([row[LINE_START:LINE_END] for row in cells])
        moneys, too_large = line_moneys(items.columns, orders.columns["currency"], spans)
        faults = [fault._replace(row=starts[fault.row]) for fault in orders.faults]
        faults += [*items.faults, *too_large, *_disagreements(cells, lines, spans)]
        if not faults:
            first_lines = [lines[start] for start in starts]
            self._prepared.orders.extend(assemble(first_lines, spans, orders.columns, items.columns, moneys))
        return faults

    def _report(self, faults: list[Fault], cells: list[list[str]], lines: list[int], until: int | None) -> None:
        found = [
            BadCell(lines[fault.row], fault.column, cells[fault.row][COLUMNS.index(fault.column)], fault.reason)
            for fault in faults
        ]
        width = len(COLUMNS)
        ready = [(line, count) for line, count in self._misshapen if until is None or line <= until]
        self._misshapen = [item for item in self._misshapen if item not in ready]
        found += [
            BadCell(line, "", f"{count} cells", f"a row has {width} cells; is a comma or a quotation mark missing?")
            for line, count in ready
        ]
        self._prepared.problems[0].extend(sorted(found))

    def _repeated(self) -> dict[int, int]:
        """The lines on which an order's number comes again, each with the line of its first place.

        Two different numbers with one hash are a matter of one file in a hundred million.
        """
        again: dict[int, int] = {}
        partitions = len(self._hashes) // _PARTITION + 1
        for partition in range(partitions):
            part = [value for value in self._hashes if value % partitions == partition]
            if len(set(part)) == len(part):
                continue
            seen: dict[int, int] = {}
            for value, line in zip(self._hashes, self._starts, strict=True):
                if value % partitions == partition:
                    first = seen.setdefault(value, line)
                    if first != line:
                        again[line] = first
        return again


def _spans(cells: list[list[str]]) -> list[Span]:
    """The rows of each order, as (first, one past the last)."""
    changes = [index for index, (row, following) in enumerate(pairwise(cells), 1) if row[0] != following[0]]
    return list(pairwise([0, *changes, len(cells)]))


def _disagreements(cells: list[list[str]], lines: list[int], spans: list[Span]) -> list[Fault]:
    """Rows whose order columns differ from those of the order's first row."""
    faults: list[Fault] = []
    for start, end in spans:
        head, tail = cells[start][:LINE_START], cells[start][LINE_END:]
        for index in range(start + 1, end):
            row = cells[index]
            if row[:LINE_START] != head or row[LINE_END:] != tail:
                differing = [
                    position
                    for position in range(len(COLUMNS))
                    if not LINE_START <= position < LINE_END and row[position] != cells[start][position]
                ]
                told = f"the order's first row, on line {lines[start]}, says something else"
                for position in differing:
                    # A cell that is wrong by itself is told so: that is what has to be mended.
                    _, own = check_cells(COLUMNS[position], [row[position]])
                    _, first = check_cells(COLUMNS[position], [cells[start][position]])
                    # Beside a first row that is wrong itself, the others need not be wrong.
                    if own or not first:
                        faults.append(Fault(index, COLUMNS[position], own.get(0, told)))
    return faults
