"""Money in minor units; VAT to the cent, with the vectors of the domain formats."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.money import (
    VatRow,
    currency_exponent,
    divide_half_up,
    parse_decimal_minor,
    vat_breakdown,
    vat_from_gross,
    vat_from_net,
)

AMOUNTS = st.integers(-(10**12), 10**12)
RATES = st.integers(0, 10_000)


def test_vectors() -> None:
    assert vat_from_net(10000, 2550) == 2550
    assert vat_from_gross(4990, 2550) == 1014
    assert vat_from_gross(1299, 1350) == 155
    assert vat_from_gross(-4990, 2550) == -1014
    assert vat_from_gross(4990, 0) == 0


def test_halves_go_away_from_zero() -> None:
    assert [divide_half_up(value, 2) for value in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]
    assert vat_from_net(10, 2500) == 3
    assert vat_from_net(-10, 2500) == -3
    with pytest.raises(ValueError, match="positive"):
        divide_half_up(1, 0)


@given(AMOUNTS, RATES)
def test_vat_agrees_with_decimal_arithmetic(amount: int, rate: int) -> None:
    from_net = (Decimal(amount) * rate / 10000).quantize(Decimal(1), ROUND_HALF_UP)
    assert vat_from_net(amount, rate) == from_net
    net = amount - vat_from_gross(amount, rate)
    assert abs(Decimal(net) - Decimal(amount) * 10000 / (10000 + rate)) <= Decimal("0.5")


@given(st.integers(0, 10**10), RATES)
def test_gross_of_net_gives_the_net_back(net: int, rate: int) -> None:
    gross = net + vat_from_net(net, rate)
    assert gross - vat_from_gross(gross, rate) == net


@pytest.mark.parametrize("rate", [-1, 10_001])
def test_an_impossible_rate_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match="rate"):
        vat_from_net(100, rate)
    with pytest.raises(ValueError, match="rate"):
        vat_from_gross(100, rate)


def test_breakdown_groups_by_currency_and_rate_and_recomputes_nothing() -> None:
    lines = [
        VatRow("EUR", 1350, 1144, 155, 1299),
        VatRow("EUR", 2550, 3976, 1014, 4990),
        VatRow("EUR", None, 500, 0, 500),
        VatRow("SEK", 2500, 800, 200, 1000),
        VatRow("EUR", 2550, 1, 1, 2),
    ]
    assert vat_breakdown(lines) == (
        VatRow("EUR", 2550, 3977, 1015, 4992),
        VatRow("EUR", 1350, 1144, 155, 1299),
        VatRow("EUR", None, 500, 0, 500),
        VatRow("SEK", 2500, 800, 200, 1000),
    )
    assert vat_breakdown([]) == ()


@pytest.mark.parametrize(
    ("text", "exponent", "minor"),
    [
        ("12.34", 2, 1234),
        ("12", 2, 1200),
        ("12.3", 2, 1230),
        ("-0.05", 2, -5),
        ("0", 2, 0),
        ("12.3400", 2, 1234),
        ("1234", 0, 1234),
        ("1234.00", 0, 1234),
        ("1.234", 3, 1234),
        ("007.50", 2, 750),
    ],
)
def test_decimals_are_read_exactly(text: str, exponent: int, minor: int) -> None:
    assert parse_decimal_minor(text, exponent) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".5",
        "5.",
        "+5",
        "1,50",
        "1 000",
        "1e3",
        "1_000",
        "NaN",
        "Infinity",
        "0x10",
        "12.345",
        "١٢",
        "1.2.3",
        " 1",
        "1\n",
        "9" * 40,
        "999999999999999.99",
    ],
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"decimal|large"):
        parse_decimal_minor(text, 2)


@given(st.integers(-(10**14), 10**14), st.integers(0, 4))
def test_written_amounts_come_back(minor: int, exponent: int) -> None:
    written = f"{Decimal(minor).scaleb(-exponent):f}"
    assert parse_decimal_minor(written, exponent) == minor


def test_exponents() -> None:
    assert [currency_exponent(code) for code in ("EUR", "USD", "JPY", "ISK", "KWD")] == [2, 2, 0, 0, 3]
