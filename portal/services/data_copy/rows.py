"""Rows on their way into the files: each stored row becomes machine values once, for JSON and CSV alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Integer, Row, String

from portal.models.base import UtcDateTime
from portal.rules.machine_values import MONEY, SCALES, Machine, currency_digits, decimals, moment, plain
from portal.services.data_copy.tables import CopyColumn, CopyTable

# The values of one column of a few rows; amounts need the currency of each row.
Convert = Callable[[Sequence[Any], Sequence[str]], Sequence[Machine]]


class Rows:
    """Converts the rows of one table, column by column: a column has one type, which is looked at once."""

    def __init__(self, table: CopyTable) -> None:
        self._currency = table.position("currency")
        self._converts = [_convert(item) for item in table.columns]

    def machine(self, batch: Sequence[Row[Any]]) -> list[Sequence[Machine]]:
        """The rows turned into columns of machine values, in the order of the table's columns."""
        columns = list(zip(*batch, strict=True))
        currencies = columns[self._currency] if self._currency is not None else ()
        return [convert(values, currencies) for convert, values in zip(self._converts, columns, strict=True)]


def _convert(column: CopyColumn) -> Convert:
    name = column.column.name
    if name in MONEY:
        return _amounts
    if name in SCALES:
        digits = SCALES[name]
        return lambda values, _: [None if value is None else decimals(value, digits) for value in values]
    if isinstance(column.column.type, UtcDateTime):
        return _moments
    if isinstance(column.column.type, String | Integer | Boolean):
        return lambda values, _: values
    return lambda values, _: [plain(value) for value in values]


def _amounts(values: Sequence[Any], currencies: Sequence[str]) -> Sequence[Machine]:
    return [
        None if value is None else decimals(value, currency_digits(currency))
        for value, currency in zip(values, currencies, strict=True)
    ]


def _moments(values: Sequence[datetime | None], _currencies: Sequence[str]) -> Sequence[Machine]:
    return [None if value is None else moment(value) for value in values]
