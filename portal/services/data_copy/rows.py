"""Rows on their way into the files: a batch is turned into columns, and each format writes column by column.

A column has one type, which is looked at once, and most columns hold the same few values again and again: what comes
again is not written again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row

from portal.models.base import JsonText, UtcDateTime
from portal.rules.machine_values import MONEY, SCALES, UNIT_PRICE, Machine, currency_digits, decimals, plain
from portal.services.data_copy.tables import CopyColumn, CopyTable

Columns = Sequence[Sequence[Any]]
# Writes a value that is there; the second argument is what stands beside it, where it cannot be read without.
Write = Callable[[Any, Any], str]
# A column of unique values must not fill the memory.
MOST_REMEMBERED = 512


def turned(batch: Sequence[Row[Any]]) -> Columns:
    """Rows turned into columns."""
    return list(zip(*batch, strict=True))


class Texts:
    """The texts of one column in one format; `empty` stands for what is not there."""

    def __init__(self, table: CopyTable, position: int, write: Write, empty: str = "") -> None:
        self._position = position
        self._beside = beside(table, table.columns[position])
        self._write = write
        # Moments hardly ever come again, and lists cannot be looked up.
        self._remembers = not isinstance(table.columns[position].column.type, UtcDateTime | JsonText)
        self._empty = empty
        self._known = _Known(write, empty, pairs=self._beside is not None)

    def of(self, columns: Columns) -> list[str]:
        """The texts of these rows."""
        values = columns[self._position]
        if not self._remembers:
            return [self._empty if value is None else self._write(value, None) for value in values]
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        keys = values if self._beside is None else zip(values, columns[self._beside], strict=True)
        return list(map(self._known.__getitem__, keys))


class _Known(dict[Any, str]):
    """Texts by value, or by the pair of a value and what stands beside it."""

    def __init__(self, write: Write, empty: str, *, pairs: bool) -> None:
        super().__init__()
        self._write = write
        self._empty = empty
        self._pairs = pairs

    def __missing__(self, key: Any) -> str:
        value, other = key if self._pairs else (key, None)
        made = self[key] = self._empty if value is None else self._write(value, other)
        return made


def beside(table: CopyTable, item: CopyColumn) -> int | None:
    """The position of the column without which another cannot be read: the currency of an amount, the detail that a
    value before a change belongs to."""
    if item.column.name in MONEY or item.column.name == UNIT_PRICE:
        return table.position("currency")
    return table.position("field") if item.column.name == "old_value" else None


def machine(item: CopyColumn) -> Callable[[Any, Any], Machine]:
    """What makes a machine value of a stored one."""
    name = item.column.name
    if name in MONEY:
        return lambda value, currency: decimals(value, currency_digits(currency))
    if name in SCALES:
        return lambda value, _: decimals(value, SCALES[name])
    return lambda value, _: plain(value)
