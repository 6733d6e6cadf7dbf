"""From the records of a plain order file to checked orders.

Rows are checked in batches, column by column; an order's own columns once for the order. The checked orders wait on a
spool for the transaction that writes them.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from pathlib import Path

from portal.services.imports.plain_assembly import assemble
from portal.services.imports.plain_columns import Fault, Span, check_cells, check_lines, check_orders, line_moneys
from portal.services.imports.plain_format import (
    COLUMNS,
    LINE_END,
    LINE_START,
    MAX_LINES_OF_ORDER,
    MAX_ROWS,
)
from portal.services.imports.plain_reading import PlainFile, Rows
from portal.services.imports.prepared import Prepared, Progress
from portal.services.imports.problems import BadCell, Reason, Unreadable
from portal.services.imports.repeated import Numbers
from portal.services.imports.values import clean_key


def read(path: Path, prepared: Prepared, progress: Progress) -> None:
    """Read and check a plain order file."""
    file = PlainFile(path)
    try:
        batches = _Batches(prepared)
        for rows in file.batches(file.header()):
            batches.add(rows)
            progress(prepared.row_count)
            if prepared.row_count > MAX_ROWS:
                raise Unreadable.file("too_many_rows", maximum=MAX_ROWS)
        batches.finish()
        prepared.digest = file.digest
    finally:
        file.close()


class _Batches:
    """Cuts the records into batches of whole orders and puts them on the spool."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._cells: list[list[str]] = []
        self._lines: list[int] = []
        self._misshapen: list[tuple[int, int]] = []
        self._numbers = Numbers()

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
            reason = Reason.of("too_many_lines", maximum=MAX_LINES_OF_ORDER)
            raise Unreadable(_bad_cell(lines[cut], "order_number", cells[cut], reason))
        self._check(cells[:cut], lines[:cut])

    def finish(self) -> None:
        """Check the last order, and that no order stands in two places."""
        self._check(self._cells, self._lines)
        self._report([], [], [], until=None)
        again = self._numbers.repeated()
        numbers = self._prepared.numbers_at(again)
        self._prepared.add_last_problems(
            _bad_cell(line, "order_number", [numbers.get(line, "")], Reason.of("order_apart", line=str(first)))
            for line, first in again.items()
        )

    def _check(self, cells: list[list[str]], lines: list[int]) -> None:
        """Put the good orders on the spool and report the others."""
        if not cells:
            return
        spans = _spans(cells)
        self._numbers.add([clean_key(cells[start][0]) for start, _ in spans], [lines[start] for start, _ in spans])
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
        found = [_bad_cell(lines[fault.row], fault.column, cells[fault.row], fault.reason) for fault in faults]
        width = len(COLUMNS)
        ready = [(line, count) for line, count in self._misshapen if until is None or line <= until]
        self._misshapen = [item for item in self._misshapen if item not in ready]
        found += [BadCell.of(line, "", "", Reason.of("cell_count", count=count, width=width)) for line, count in ready]
        self._prepared.problems[0].extend(sorted(found))


def _bad_cell(line: int, column: str, row: list[str], reason: Reason) -> BadCell:
    return BadCell.of(line, column, row[COLUMNS.index(column)], reason, row[0], on_line=True)


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
                told = Reason.of("rows_differ", line=str(lines[start]))
                for position in differing:
                    # A cell that is wrong by itself is told so: that is what has to be mended.
                    _, own = check_cells(COLUMNS[position], [row[position]])
                    _, first = check_cells(COLUMNS[position], [cells[start][position]])
                    # Beside a first row that is wrong itself, the others need not be wrong.
                    if own or not first:
                        faults.append(Fault(index, COLUMNS[position], own.get(0, told)))
    return faults
