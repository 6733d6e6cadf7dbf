"""What a cell may hold, and what it means. Every parser raises `BadValue` with the reason.

Parsers of values that repeat (prices, rates, dates of one day's orders) remember what they have read: an import then
costs one look-up for most cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar, cast

from babel.numbers import list_currencies
from email_validator import SPECIAL_USE_DOMAIN_NAMES

from portal.rules.clean_text import has_refused_characters
from portal.rules.countries import country_codes
from portal.rules.email_identity import EmailAddress, check_email
from portal.rules.errors import RuleBroken
from portal.rules.money import MAX_MINOR, divide_half_up, vat_from_gross
from portal.rules.names import strip_marks
from portal.rules.order_status import STATUSES
from portal.services.imports.problems import Reason, foreign_byte

Value = TypeVar("Value")
Faults = dict[int, Reason]

QUANTITY_DECIMALS = 3
PRICE_DECIMALS = 4
LONGEST_FOLDED = 600
# As many needless spaces as a cell may have beside its text.
MOST_SPACES = 1000
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE)
_COMMON_MOMENT = re.compile(r"(?:19(?!00)|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DECIMAL = re.compile(r"(-?)(\d{1,11})(?:\.(\d+))?", re.ASCII)
_STATUS_CODES = {**{code: code for code in STATUSES}, "on-hold": "on_hold"}
_CURRENCIES = frozenset(list_currencies())
# The common shape of an address. What has it is accepted by `check_email` too, at fifty times the cost.
_COMMON_EMAIL = re.compile(
    r"([A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*)@((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+([a-z]{2,}))", re.ASCII
)
_COMMON_LENGTH = 63
_SPECIAL_ENDINGS = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)


class BadValue(ValueError):
    """A cell that cannot be used."""

    def __init__(self, code: str, /, **params: int | str) -> None:
        super().__init__(code)
        self.reason = Reason.of(code, **params)


def convert(values: Sequence[str], parse: Callable[[str], Value]) -> tuple[list[Value], Faults]:
    """Parse a column. With faults the list has gaps (None) where they are."""
    try:
        return list(map(parse, values)), {}
    except BadValue:
        return _convert_each(values, parse)


def check_text(
    values: Sequence[str], maximum: int, *, key: bool = False, multiline: bool = False
) -> tuple[Sequence[str], Faults]:
    """Check a column of text and return it in NFC; a `key` also without needless spaces.

    Most columns of a batch are plain as a whole, which is seen without looking at each cell.
    """
    together = "\n".join(values)
    plain = together.replace("\n", "").isprintable() and together.count("\n") == len(values) - 1
    plain = plain and max(map(len, values), default=0) <= maximum and unicodedata.is_normalized("NFC", together)
    if plain and key:
        plain = not ("  " in together or "\n " in f"\n{together}" or " \n" in f"{together}\n")
    if plain:
        return values, {}
    return _convert_each(values, lambda value: checked_text(value, maximum, key=key, multiline=multiline))


def checked_text(value: str, maximum: int, *, key: bool = False, multiline: bool = False) -> str:
    """A text in NFC; a `key` also without needless spaces."""
    # Putting the marks of a huge cell in order takes time that grows with their square. NFC makes one letter of four
    # code points at most.
    if len(value) > 4 * maximum + MOST_SPACES:
        raise BadValue("too_long", maximum=maximum)
    _refuse_foreign_bytes(value)
    looked_at = value.replace("\r\n", "").replace("\n", "").replace("\t", "") if multiline else value
    if has_refused_characters(looked_at):
        raise BadValue("unprintable")
    checked = clean_key(value) if key else unicodedata.normalize("NFC", value)
    if len(checked) > maximum:
        raise BadValue("too_long", maximum=maximum)
    return checked


def clean_key(text: str) -> str:
    """A key in the one form in which it is compared: NFC, no needless spaces."""
    if text.isascii() and text.isalnum():
        return text
    return unicodedata.normalize("NFC", " ".join(text.split()))


def moment(text: str) -> str:
    """ISO 8601 with a time zone → UTC as ``2026-11-22 07:14:00.000000``."""
    if _COMMON_MOMENT.fullmatch(text):
        # Already in UTC: whether there is such a time is all that is left to ask.
        with suppress(ValueError):
            datetime.fromisoformat(text)
            return f"{text[:10]} {text[11:19]}.000000"
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise BadValue("moment_form")
    if match[1] is None:
        raise BadValue("zone_missing")
    try:
        utc = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue("no_such_moment") from None
    if not 1900 < utc.year < 9998:
        raise BadValue("year")
    return utc.replace(tzinfo=None).isoformat(" ", "microseconds")


def status(text: str) -> str:
    """A shop's word for an order's state → our code."""
    code = _STATUS_CODES.get(text)
    if code is None:
        raise BadValue("status", known=", ".join(STATUSES))
    return code


def currency(text: str) -> str:
    """An ISO 4217 code in capitals."""
    if text not in _CURRENCIES:
        raise BadValue("currency")
    return text


def country(text: str) -> str | None:
    """An ISO 3166-1 code of two capitals, or None where the cell is empty."""
    if text and text not in country_codes():
        raise BadValue("country")
    return text or None


def scaled(text: str, decimals: int) -> int:
    """A plain decimal number as a whole number of its smallest parts."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise BadValue("number_form")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if fraction[decimals:].strip("0"):
        raise BadValue("decimals", maximum=decimals)
    value: int = int(whole) * 10**decimals + int(fraction[:decimals].ljust(decimals, "0"))
    return -value if sign else value


@lru_cache(maxsize=10_000)
def quantity(text: str) -> int:
    """A positive quantity in thousandths."""
    value = scaled(text, QUANTITY_DECIMALS)
    if value <= 0:
        raise BadValue("quantity_not_positive")
    return value


@lru_cache(maxsize=50_000)
def unit_price(text: str) -> int:
    """A gross unit price in ten-thousandths of the currency's major unit; a discount line is negative."""
    return scaled(text, PRICE_DECIMALS)


@lru_cache(maxsize=1_000)
def vat_rate(text: str) -> int | None:
    """A percentage in basis points, or None where the shop does not tell it."""
    if not text:
        return None
    value = scaled(text, 2)
    if not 0 <= value <= 10_000:
        raise BadValue("vat_rate_range")
    return value


@lru_cache(maxsize=100_000)
def line_money(quantity: int, price: int, rate: int | None, exponent: int) -> tuple[int | None, int | None, int]:
    """(net, vat, gross) of a line in minor units; net and vat are None without a rate. Gross is rounded half up."""
    scale: int = 10 ** (QUANTITY_DECIMALS + PRICE_DECIMALS - exponent)
    gross = divide_half_up(quantity * price, scale)
    if abs(gross) > MAX_MINOR:
        raise BadValue("line_too_large")
    if rate is None:
        return None, None, gross
    vat = vat_from_gross(gross, rate)
    return gross - vat, vat, gross


@lru_cache(maxsize=10_000)
def folded(product: str) -> str:
    """A product's name as a search compares it."""
    # Some single signs fold into many letters.
    return strip_marks(product)[:LONGEST_FOLDED]


def email(text: str) -> tuple[str, str] | None:
    """(address, identity), or None where the cell is empty (SECURITY 50)."""
    if not text:
        return None
    common = _COMMON_EMAIL.fullmatch(text) if len(text) <= _COMMON_LENGTH else None
    if common and common[3] not in _SPECIAL_ENDINGS:
        return text, text.lower()
    try:
        checked: EmailAddress = check_email(text)
    except RuleBroken:
        raise BadValue("email") from None
    return checked.display, checked.identity


def _convert_each(values: Sequence[str], parse: Callable[[str], Value]) -> tuple[list[Value], Faults]:
    parsed: list[Value | None] = []
    faults: Faults = {}
    for index, value in enumerate(values):
        try:
            _refuse_foreign_bytes(value)
            parsed.append(parse(value))
        except BadValue as bad:
            faults[index] = bad.reason
            parsed.append(None)
    # Whoever gets faults drops the rows they stand in before using the values.
    return cast("list[Value]", parsed), faults


def _refuse_foreign_bytes(value: str) -> None:
    byte = foreign_byte(value)
    if byte is not None:
        raise BadValue("not_utf8", byte=f"0x{byte:02x}")
