"""Money in minor units; VAT to the cent, with the vectors of the domain formats."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.money import (
    VatRow,
    currency_exponent,
    divide_half_up,
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


def test_exponents() -> None:
    assert [currency_exponent(code) for code in ("EUR", "USD", "JPY", "ISK", "KWD")] == [2, 2, 0, 0, 3]
