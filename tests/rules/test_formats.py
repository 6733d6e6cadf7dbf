"""Dates and numbers look as natives write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import formats
from portal.rules.texts import LOCALES

DAY = date(2026, 11, 22)
MORNING = datetime(2026, 11, 22, 7, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "day", "moment"),
    [
        ("fi", "22.11.2026", "22.11.2026 klo\u00a09.14"),
        ("sv", "22.11.2026", "22.11.2026 kl.\u00a09.14"),
        ("en", "22 November 2026", "22 November 2026, 9:14"),
    ],
)
def test_dates(locale: str, day: str, moment: str) -> None:
    assert formats.format_date(DAY, locale) == day
    assert formats.format_datetime(MORNING, locale) == moment


def test_short_days_and_late_evenings() -> None:
    assert formats.format_date(date(2026, 1, 5), "fi") == "5.1.2026"
    late = datetime(2026, 6, 30, 21, 5, tzinfo=UTC)
    assert formats.format_datetime(late, "fi") == "1.7.2026 klo\u00a00.05"
    assert formats.format_datetime(late.astimezone(timezone(timedelta(hours=-5))), "en") == "1 July 2026, 0:05"


def test_months() -> None:
    assert [formats.format_month("2025-09", locale) for locale in ("fi", "sv", "en")] == [
        "9/2025", "9/2025", "September 2025",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="month"):
        formats.format_month("2025-13", "fi")


def test_iso_date() -> None:
    assert formats.format_date_iso(date(987, 1, 5)) == "0987-01-05"


def test_a_naive_moment_and_a_moment_as_a_day_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        formats.format_datetime(datetime(2026, 1, 1), "fi")  # noqa: DTZ001 (the naive one is the test)
    with pytest.raises(TypeError, match="calendar day"):
        formats.format_date(MORNING, "fi")


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "shown"),
    [
        (123450, "EUR", "fi", "1 234,50 €"),
        (123450, "EUR", "sv", "1 234,50 €"),
        (123450, "EUR", "en", "€1,234.50"),
        (-5, "EUR", "fi", "−0,05 €"),
        (-123450, "EUR", "en", "−€1,234.50"),
        (0, "EUR", "fi", "0,00 €"),
        (99999, "EUR", "fi", "999,99 €"),
        (123456789012, "EUR", "fi", "1 234 567 890,12 €"),
        (123450, "USD", "fi", "1 234,50 USD"),
        (123450, "SEK", "sv", "1 234,50 SEK"),
        (123450, "USD", "en", "USD 1,234.50"),
        (1234, "JPY", "fi", "1 234 JPY"),
        (1234, "JPY", "en", "JPY 1,234"),
        (1234, "KWD", "en", "KWD 1.234"),
    ],
)
def test_money(minor: int, currency: str, locale: str, shown: str) -> None:
    assert formats.format_money(minor, currency, locale) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("points", "fi", "en"),
    [
        (2550, "25,5 %", "25.5%"),
        (2400, "24 %", "24%"),
        (0, "0 %", "0%"),
        (1355, "13,55 %", "13.55%"),
        (1000, "10 %", "10%"),
    ],
)
def test_percent(points: int, fi: str, en: str) -> None:
    assert formats.format_percent(points, "fi") == fi.replace(" ", "\u00a0")
    assert formats.format_percent(points, "sv") == fi.replace(" ", "\u00a0")
    assert formats.format_percent(points, "en") == en


@pytest.mark.parametrize(
    ("thousandths", "fi", "en"),
    [
        (1500, "1,5", "1.5"),
        (1000, "1", "1"),
        (-250, "−0,25", "−0.25"),
        (1234567, "1 234,567", "1,234.567"),
        (0, "0", "0"),
    ],
)
def test_quantity(thousandths: int, fi: str, en: str) -> None:
    assert formats.format_quantity(thousandths, "fi") == fi.replace(" ", "\u00a0")
    assert formats.format_quantity(thousandths, "en") == en


def test_whole_numbers_keep_their_zeros() -> None:
    assert formats.format_number(1000000, "fi") == "1\u00a0000\u00a0000"
    assert formats.format_number(-10, "en") == "−10"


@given(st.integers(-(10**15), 10**15), st.sampled_from(LOCALES), st.sampled_from(["EUR", "USD", "JPY", "KWD"]))
def test_money_loses_no_digit(minor: int, locale: str, currency: str) -> None:
    shown = formats.format_money(minor, currency, locale)
    assert int(re.sub(r"[^0-9]", "", shown)) == abs(minor)
    assert ("−" in shown) == (minor < 0)
    assert " " not in shown


def test_a_locale_without_patterns_is_refused() -> None:
    with pytest.raises(ValueError, match="'de'"):
        formats.format_money(1, "EUR", "de")


@pytest.mark.parametrize(
    ("price", "currency", "locale", "shown"),
    [
        (140000, "EUR", "fi", "14,00\u00a0€"),
        (123450, "EUR", "sv", "12,345\u00a0€"),
        (-123456, "USD", "en", "−USD\u00a012.3456"),
        (140000, "JPY", "en", "JPY\u00a014"),
        (5, "JPY", "fi", "0,0005\u00a0JPY"),
    ],
)
def test_a_unit_price_shows_the_decimals_it_has(price: int, currency: str, locale: str, shown: str) -> None:
    assert formats.format_unit_price(price, currency, locale) == shown


@pytest.mark.parametrize(
    ("size", "written", "in_finnish"),
    [
        *[(0, "0 B", "0 t"), (999, "999 B", "999 t"), (1000, "1 kB", "1 kt"), (1001, "2 kB", "2 kt")],
        *[(73_400, "74 kB", "74 kt"), (999_001, "1 MB", "1 Mt"), (3_400_001, "3,5 MB", "3,5 Mt")],
        (2_000_000_000, "2 GB", "2 Gt"),
    ],
)
def test_a_size_has_the_unit_that_suits_it(size: int, written: str, in_finnish: str) -> None:
    assert formats.format_size(size, "fi") == in_finnish.replace(" ", formats.NBSP)
    assert formats.format_size(size, "sv") == written.replace(" ", formats.NBSP)
    assert formats.format_size(size, "en") == written.replace(" ", formats.NBSP).replace(",", ".")
