"""The pages of one part of the register: inside the first page where there are few rows, else pages of their own.

A page is written when it is full and the next row is there, so that it knows whether to lead on.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.services.data_copy.archive import Archive
from portal.services.data_copy.cells import PartCells
from portal.services.data_copy.frames import Slots, render
from portal.services.data_copy.rows import Columns
from portal.services.data_copy.tables import CopyTable
from portal.services.register.register_parts import Part, list_label

# So many rows stand in the first page itself.
MOST_INSIDE = 20
# As many as a telephone opens without waiting.
ROWS_A_PAGE = 500


@dataclass(frozen=True)
class WrittenPart:
    """A part when all its rows have been seen: in the first page (`inside`), or in pages that begin at `first`."""

    part: Part
    label: str
    count: int
    wide: bool
    labels: tuple[str, ...]
    inside: str
    first: str | None


class PartPages:
    """Takes the rows of one part and writes its pages into the archive."""

    def __init__(self, archive: Archive, table: CopyTable, part: Part, locale: str) -> None:
        self._archive = archive
        self._cells = PartCells(table, part, locale)
        self._part = part
        self._locale = locale
        self._label = list_label(part, locale)
        self._inside: list[str] = []
        self._rows: list[str] = []
        self._count = self._pages = 0

    def add(self, columns: Columns) -> None:
        """Take rows, handed in as columns of stored values."""
        if self._count < MOST_INSIDE:
            few = [values[: MOST_INSIDE - self._count] for values in columns]
            self._inside += self._cells.rows(few, level=4)
        self._rows += self._cells.rows(columns, level=2)
        self._count += len(columns[0])
        while len(self._rows) > ROWS_A_PAGE:
            self._write(self._rows[:ROWS_A_PAGE], more=True)
            del self._rows[:ROWS_A_PAGE]

    def end(self) -> WrittenPart:
        """Write the last page, where there are pages."""
        own_pages = self._count > MOST_INSIDE
        if own_pages:
            self._write(self._rows, more=False)
        return WrittenPart(
            part=self._part,
            label=self._label,
            count=self._count,
            wide=self._cells.wide,
            labels=tuple(self._cells.labels),
            inside="" if own_pages else "".join(self._inside),
            first=self._name(1) if own_pages else None,
        )

    def _write(self, rows: list[str], *, more: bool) -> None:
        self._pages += 1
        number = self._pages
        values = {
            "label": self._label,
            "number": number,
            "before": self._name(number - 1) if number > 1 else None,
            "after": self._name(number + 1) if more else None,
            "wide": self._cells.wide,
            "labels": self._cells.labels,
            "up": "../index.html",
        }
        slots = Slots()
        values["rows"] = slots.put("".join(rows))
        self._archive.add(f"pages/{self._name(number)}", render("data_copy/page.html", self._locale, slots, values))

    def _name(self, number: int) -> str:
        return f"{self._part.category}-{self._part.slug}-{number}.html"
