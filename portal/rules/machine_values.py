"""How a stored value is written for machines: exact, independent of any language, the same in JSON and in CSV.

Moments are ISO 8601 in UTC, days ISO 8601. Amounts, quantities and rates are decimal numbers with a dot: stored as
scaled integers, they are written by moving the dot and never pass through a binary fraction.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from portal.rules.money import currency_exponent

MONEY = ("net", "vat", "gross")
UNIT_PRICE = "unit_price"
# Columns that hold scaled whole numbers, and after how many digits their dot stands.
SCALES = {UNIT_PRICE: 4, "quantity": 3, "vat_rate": 2}

# A JSON value; a decimal number is a text here, because JSON readers make binary fractions of numbers.
Machine = str | int | bool | list[Any] | dict[str, Any] | None
Write = Callable[[Any], Machine]


def decimals(value: int, digits: int) -> str:
    """A scaled whole number with its dot: ``decimals(2490, 2)`` is ``24.90``."""
    if not digits:
        return str(value)
    whole, rest = divmod(abs(value), 10**digits)
    return f"{'-' if value < 0 else ''}{whole}.{rest:0{digits}d}"


@lru_cache(maxsize=64)
def currency_digits(currency: str) -> int:
    """How many digits the smallest unit of a currency stands after the dot."""
    return currency_exponent(currency)


def is_decimal(column: str) -> bool:
    """Whether the column holds a decimal number, kept as a scaled whole one."""
    return column in MONEY or column in SCALES


def plain(value: Any) -> Machine:
    """A value that is not a decimal number, by its type. `None` stays."""
    write = _WRITERS.get(type(value))
    return write(value) if write else value


def moment(value: datetime) -> str:
    """An instant in UTC: ``2026-11-22T07:14:00Z``, with microseconds where there are any."""
    return value.isoformat().replace("+00:00", "Z")


def as_text(value: Machine) -> str:
    """A value as the text of a cell; what is a list or a mapping is written as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


_WRITERS: dict[type, Write] = {datetime: moment, date: date.isoformat, bytes: bytes.hex}
