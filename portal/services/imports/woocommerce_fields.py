"""How the fields of WooCommerce's orders are read.

Each parser raises `BadValue`; that becomes an error of its field, so that pydantic tells all of them.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pydantic import BeforeValidator, PlainValidator
from pydantic_core import PydanticCustomError

from portal.services.imports import values
from portal.services.imports.values import BadValue

# Before the reason's code in the type of an error, which tells it from pydantic's own.
CODE = "import."
AMOUNT_DECIMALS = 8
MAX_WHOLE = 2**63 - 1


def field(parse: Callable[[Any], Any]) -> PlainValidator:
    """A field that is read by `parse`, whose `BadValue` becomes an error of the field."""

    def validate(value: Any) -> Any:
        try:
            return parse(value)
        except BadValue as bad:
            raise error(bad) from None

    return PlainValidator(validate)


def error(bad: BadValue) -> PydanticCustomError:
    """The error of a field that cannot be used."""
    return PydanticCustomError(CODE + bad.reason.code, "a bad value", dict(bad.reason.params))


def text(maximum: int, *, key: bool = False, multiline: bool = False, required: bool = False) -> PlainValidator:
    """A text of at most so many characters; null is empty."""

    def parse(value: Any) -> str:
        if not isinstance(value, str | None):
            raise BadValue("kind_text")
        # WordPress keeps texts as HTML has them. A character reference is never longer than this.
        if len(value or "") > 40 * maximum:
            raise BadValue("too_long", maximum=maximum)
        checked = values.checked_text(html.unescape(value or ""), maximum, key=key, multiline=multiline)
        if required and not checked.strip():
            raise BadValue("empty")
        return checked

    return field(parse)


def amount(value: Any) -> Decimal:
    """An amount of money, always a text."""
    if not isinstance(value, str):
        raise BadValue("kind_amount")
    values.scaled(value, AMOUNT_DECIMALS)
    return Decimal(value)


def amount_or_none(value: Any) -> Decimal | None:
    """An amount, or None where the text is empty."""
    return None if value in ("", None) else amount(value)


def whole(value: Any) -> int:
    """A number of a row."""
    if type(value) is not int or not 0 <= value <= MAX_WHOLE:
        raise BadValue("kind_whole")
    return value


def number(value: Any) -> str:
    """The number that customers see: a text, or the row number where a plug-in leaves it a number."""
    if type(value) is int:
        return str(whole(value))
    if not isinstance(value, str):
        raise BadValue("kind_text")
    checked = values.checked_text(value, 100, key=True)
    if not checked:
        raise BadValue("empty")
    return checked


def quantity(value: Any) -> int:
    """A quantity in thousandths."""
    if type(value) is int or (isinstance(value, Decimal) and value.is_finite()):
        return values.quantity(format(value, "f") if isinstance(value, Decimal) else str(value))
    raise BadValue("kind_number")


def basis_points(value: Any) -> int | None:
    """A rate of whole basis points; finer ones cannot be kept."""
    if value is None:
        return None
    if type(value) is not int and not isinstance(value, Decimal):
        raise BadValue("kind_number")
    hundredths = Decimal(value) * 100
    return int(hundredths) if 0 <= hundredths <= 10_000 and hundredths == int(hundredths) else None


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadValue("kind_truth")
    return value


def currency(value: Any) -> str:
    """A currency."""
    if not isinstance(value, str):
        raise BadValue("kind_text")
    return values.currency(value)


def country(value: Any) -> str | None:
    """A country, or None where the text is empty."""
    if not isinstance(value, str | None):
        raise BadValue("kind_text")
    return values.country(value or "")


def email(value: Any) -> tuple[str, str] | None:
    """(address, identity), or None where the text is empty."""
    if not isinstance(value, str | None):
        raise BadValue("kind_text")
    return values.email(values.checked_text(value or "", 254))


def utc(value: Any) -> str:
    """A time in UTC, which WooCommerce writes without saying so."""
    if not isinstance(value, str) or len(value) > 40:
        raise BadValue("utc")
    try:
        return values.moment(value if value.endswith("Z") else f"{value}Z")
    except BadValue as bad:
        raise BadValue("utc") if bad.reason.code == "moment_form" else bad from None


def utc_or_none(value: Any) -> str | None:
    """A time in UTC, or None."""
    return None if value in ("", None) else utc(value)


def at_most(maximum: int) -> BeforeValidator:
    """A list of at most so many items, counted before any of them is looked at."""

    def check(value: Any) -> Any:
        if isinstance(value, list) and len(value) > maximum:
            raise error(BadValue("too_many_items", maximum=maximum))
        return value

    return BeforeValidator(check)
