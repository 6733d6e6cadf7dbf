"""Rows as people read them: the HTML of every value, made column by column.

A copy can hold millions of values, so a row is put together here and only the frame around the rows is a template.
Every value passes `safe`.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import escape
from sqlalchemy import String, Text

from portal.models.base import UtcDateTime
from portal.rules.formats import format_datetime
from portal.rules.register_labels import column_label
from portal.rules.shown_values import is_verbatim, shown, told_apart
from portal.rules.texts import text
from portal.services.data_copy.rows import Columns, Texts, Write
from portal.services.data_copy.tables import CopyColumn, CopyTable
from portal.services.register.register_parts import NAMES, TELLING, Part

# A table with more columns than this, or with long texts, would not fit on a page: its rows are written below each
# other.
WIDEST = 9


class PartCells:
    """Writes the rows of one part. `wide` parts are lists of entries, the others rows of a table."""

    def __init__(self, table: CopyTable, part: Part, locale: str) -> None:
        names = {item.name for item in part.columns}
        self.columns = [n for n, item in enumerate(table.columns) if _belongs(item, names)]
        self.wide = len(self.columns) > WIDEST or any(_is_long(table.columns[n]) for n in self.columns)
        self.labels = [_label(table.columns[n], locale) for n in self.columns]
        self._locale, self._part = locale, part.table
        named = [(n, NAMES.get((item.table, item.column.name))) for n, item in enumerate(table.columns)]
        self._heading = next(((n, code) for n, code in named if code), None)
        telling = [(name, table.position(name)) for name in TELLING.get(part.table, ())]
        self._telling = [(name, n) for name, n in telling if n is not None]
        moments = [n for n, item in enumerate(table.columns) if isinstance(item.column.type, UtcDateTime)]
        self._moment = moments[0] if moments else None
        empty = "" if self.wide else "<td></td>"
        self._texts = [Texts(table, n, self._write(table.columns[n]), empty) for n in self.columns]

    def rows(self, columns: Columns, level: int) -> list[str]:
        """The rows, handed in as columns of stored values; the headings of entries are of this level."""
        written = zip(*(texts.of(columns) for texts in self._texts), strict=True)
        if not self.wide:
            return ["<tr>" + "".join(row) + "</tr>\n" for row in written]
        begin, end = f"<section class=entry><h{level}>", f"</h{level}><dl class=values>"
        return [
            f"{begin}{heading}{end}{''.join(row)}</dl></section>\n"
            for heading, row in zip(self._headings(columns), written, strict=True)
        ]

    def _write(self, item: CopyColumn) -> Write:
        """Writes a value within its cell, or beside its name."""
        words = _words(item, self._locale)
        if not self.wide:
            return lambda value, other: f"<td>{safe(words(value, other))}</td>"
        begin = f"<div{' class=long' if _is_long(item) else ''}><dt>{escape(_label(item, self._locale))}</dt><dd>"

        def within(value: Any, other: Any) -> str:
            said = words(value, other)
            return f"{begin}{safe(said)}</dd></div>" if said else ""

        return within

    def _headings(self, columns: Columns) -> list[str]:
        if self._heading is not None:
            position, code = self._heading
            around = text(code, self._locale, number="\0").partition("\0")
            return [str(escape(f"{around[0]}{value}{around[2]}")) for value in columns[position]]
        if self._telling:
            return self._told_apart(columns)
        if self._moment is not None:
            return [format_datetime(value, self._locale) for value in columns[self._moment]]
        return [text("privacy.entry", self._locale)] * len(columns[0])

    def _told_apart(self, columns: Columns) -> list[str]:
        """What is what, and when it was."""
        rows = zip(*(columns[n] for _, n in self._telling), strict=True)
        names = [name for name, _ in self._telling]
        said = [safe(told_apart(self._part, zip(names, row, strict=True), self._locale)) for row in rows]
        if self._moment is None:
            return said
        moments = (format_datetime(value, self._locale) for value in columns[self._moment])
        return [f"{what} · {when}" for what, when in zip(said, moments, strict=True)]


def _belongs(item: CopyColumn, names: set[str]) -> bool:
    # The currency stands with each amount.
    return item.column.name in names if item.declared else item.column.name != "currency"


def _label(item: CopyColumn, locale: str) -> str:
    return column_label(item.table, item.column.name, locale)


def _is_long(item: CopyColumn) -> bool:
    """Whether a column holds texts of any length, which need the width of the page."""
    return isinstance(item.column.type, Text)


def _words(item: CopyColumn, locale: str) -> Write:
    """What a value is in the words of its reader."""
    table, name = item.table, item.column.name
    if isinstance(item.column.type, UtcDateTime):
        return lambda value, _: format_datetime(value, locale)
    if isinstance(item.column.type, String) and is_verbatim(table, name) and table != "provenance":
        return lambda value, _: value
    if table == "provenance" and name == "field":
        return lambda value, _: column_label("customer", value, locale)
    if table == "provenance" and name == "old_value":
        # What a detail was before is written like the detail itself.
        return lambda value, field: shown("customer", field, value, locale)
    return lambda value, currency: shown(table, name, value, locale, currency=currency)


def safe(words: str) -> str:
    """The words as HTML. Most have nothing to escape, which is quick to see."""
    return str(escape(words)) if _SIGNS(words) else words


_SIGNS = re.compile(r"[&<>\"']").search
