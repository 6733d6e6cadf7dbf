"""Cells of a table for spreadsheets: no text becomes a formula, and a number stays a number (SECURITY 52).

A text that a spreadsheet would calculate gets an apostrophe before it, which spreadsheets do not show. What must come
back unaltered belongs into JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

Cell = str | int | Decimal | None

# What begins a formula, in the wide forms of East Asian writing too, and what a spreadsheet skips before it.
_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SKIPPED = " \u00a0\u3000\ufeff"
_MARK = "'"


def safe_text(text: str) -> str:
    """The text as a cell may hold it."""
    return _MARK + text if text.lstrip(_SKIPPED).startswith(_SIGNS) else text


def text_cell(text: str) -> str:
    """A text as it stands in a line: safe, in quotation marks, those inside doubled."""
    return '"' + safe_text(text).replace('"', '""') + '"'


def line(cells: Iterable[Cell]) -> str:
    """One line of CSV as RFC 4180 has it: texts in quotation marks, numbers bare, nothing for None.

    Raises `TypeError` for a value of another type: how a date or a truth is written is for the caller to say.
    """
    return ",".join(map(_written, cells)) + "\r\n"


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return text_cell(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        raise TypeError(f"a cell is a text or a number, not {type(cell).__name__}")
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
