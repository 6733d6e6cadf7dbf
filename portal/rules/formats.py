"""The one table of date and number patterns (DESIGN, decision 13).

Babel's own short patterns are not what natives write on a Finnish site (ISO dates in Swedish, 11/2/26 in
English), and a page shows sixty values, so the patterns are written here by hand and formatted without Babel.
Spaces inside a number are no-break spaces, the minus is U+2212.

========  ==================  =========================  ==============  ==========  =======
locale    date                date and time              money           percent     number
========  ==================  =========================  ==============  ==========  =======
fi        22.11.2026          22.11.2026 klo 9.14        1 234,50 €      25,5 %      1 234,5
sv        22.11.2026          22.11.2026 kl. 9.14        1 234,50 €      25,5 %      1 234,5
en        22 November 2026    22 November 2026, 9:14     €1,234.50       25.5%       1,234.5
========  ==================  =========================  ==============  ==========  =======

Only the euro has a sign: other currencies stand as their ISO code, after the amount in Finnish and Swedish
(``1 234,50 USD``), before it in English (``USD 1,234.50``), because ``$`` and ``kr`` mean several currencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.rules.clock import helsinki_time
from portal.rules.money import currency_exponent

NBSP = "\u00a0"
MINUS = "\u2212"
UNIT_PRICE_DECIMALS = 4
_KILO = 1000
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class _Pattern:
    group: str
    decimal: str
    percent: str
    date: str
    joint: str
    clock: str
    unit_first: bool
    euro: str
    other: str
    units: tuple[str, str, str, str] = ("B", "kB", "MB", "GB")


_PATTERNS = {
    "fi": _Pattern(NBSP, ",", NBSP + "%", "dmy", " klo" + NBSP, ".", False, NBSP + "€", NBSP, ("t", "kt", "Mt", "Gt")),
    "sv": _Pattern(NBSP, ",", NBSP + "%", "dmy", " kl." + NBSP, ".", False, NBSP + "€", NBSP),
    "en": _Pattern(",", ".", "%", "month", ", ", ":", True, "€", NBSP),
}


def format_date(day: date, locale: str) -> str:
    """Return a calendar day as a native writes it; a datetime is refused: its day depends on a time zone."""
    if isinstance(day, datetime):
        raise TypeError("format_date takes a calendar day; use format_datetime or helsinki_date for an instant")
    return _day(day, _pattern(locale))


def format_date_iso(day: date) -> str:
    """Return ``2026-11-22``, the form of ``<time datetime>`` and of machine-readable files."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def format_month(month: str, locale: str) -> str:
    """Return a month that is written ``2026-11`` as ``11/2026`` or ``November 2026``; ValueError for anything else."""
    first = date.fromisoformat(f"{month}-01")
    if _pattern(locale).date == "dmy":
        return f"{first.month}/{first.year}"
    return f"{_MONTHS[first.month - 1]} {first.year}"


def format_datetime(instant: datetime, locale: str) -> str:
    """Return an aware instant as day and time in Helsinki, 24-hour clock; ValueError for a naive one."""
    pattern = _pattern(locale)
    local = helsinki_time(instant)
    return f"{_day(local, pattern)}{pattern.joint}{local.hour}{pattern.clock}{local.minute:02d}"


def format_time(instant: datetime, locale: str) -> str:
    """Return the time of an aware instant in Helsinki, on the 24-hour clock."""
    local = helsinki_time(instant)
    return f"{local.hour}{_pattern(locale).clock}{local.minute:02d}"


def format_money(minor: int, currency: str, locale: str) -> str:
    """Return an amount of minor units (cents) with its currency, every decimal of the currency shown."""
    pattern = _pattern(locale)
    return _with_unit(_fixed(abs(minor), currency_exponent(currency), pattern), currency, pattern, negative=minor < 0)


def format_unit_price(ten_thousandths: int, currency: str, locale: str) -> str:
    """Return a price stored in ten-thousandths of the major unit as money, with up to four decimals."""
    decimals = currency_exponent(currency)
    scale = 10 ** max(0, UNIT_PRICE_DECIMALS - decimals)
    if ten_thousandths % scale == 0:
        return format_money(ten_thousandths // scale, currency, locale)
    pattern = _pattern(locale)
    number = _fixed(abs(ten_thousandths), UNIT_PRICE_DECIMALS, pattern).rstrip("0")
    return _with_unit(number, currency, pattern, negative=ten_thousandths < 0)


def format_percent(basis_points: int, locale: str) -> str:
    """Return a rate given in basis points (2550 is 25.5 %) without needless decimals."""
    pattern = _pattern(locale)
    return _signed(basis_points, 2, pattern) + pattern.percent


def format_quantity(thousandths: int, locale: str) -> str:
    """Return a quantity given in thousandths (1500 is 1.5) without needless decimals."""
    return _signed(thousandths, 3, _pattern(locale))


def format_number(value: int, locale: str) -> str:
    """Return a whole number with its thousands grouped."""
    return _signed(value, 0, _pattern(locale))


def format_size(size: int, locale: str) -> str:
    """Return a number of bytes in the unit that suits it: ``12 kB``, ``3,4 MB``; in Finnish t, kt, Mt, Gt."""
    pattern = _pattern(locale)
    one, kilo, mega, giga = pattern.units
    if size < _KILO:
        return f"{size}{NBSP}{one}"
    thousands = -(-size // _KILO)
    if thousands < _KILO:
        return f"{thousands}{NBSP}{kilo}"
    tenths, unit = -(-size * 10 // _KILO**2), mega
    if tenths >= 10 * _KILO:
        tenths, unit = -(-size * 10 // _KILO**3), giga
    return f"{_signed(tenths, 1, pattern)}{NBSP}{unit}"


def _pattern(locale: str) -> _Pattern:
    try:
        return _PATTERNS[locale]
    except KeyError:
        raise ValueError(f"no number patterns for locale {locale!r}") from None


def _day(day: date, pattern: _Pattern) -> str:
    if pattern.date == "dmy":
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _fixed(value: int, decimals: int, pattern: _Pattern) -> str:
    whole, fraction = divmod(value, 10**decimals)
    grouped = str(whole) if whole < 1000 else f"{whole:,}".replace(",", pattern.group)
    return f"{grouped}{pattern.decimal}{fraction:0{decimals}d}" if decimals else grouped


def _with_unit(number: str, currency: str, pattern: _Pattern, *, negative: bool) -> str:
    sign = MINUS if negative else ""
    if pattern.unit_first:
        unit = pattern.euro if currency == "EUR" else currency + pattern.other
        return f"{sign}{unit}{number}"
    unit = pattern.euro if currency == "EUR" else pattern.other + currency
    return f"{sign}{number}{unit}"


def _signed(value: int, decimals: int, pattern: _Pattern) -> str:
    number = _fixed(abs(value), decimals, pattern)
    if decimals:
        number = number.rstrip("0").removesuffix(pattern.decimal)
    return MINUS + number if value < 0 else number
