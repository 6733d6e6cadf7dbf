"""Money is integer minor units with a currency, VAT a rate in basis points (DESIGN, decision 4).

Rounding is half up to the minor unit, away from zero, so that a refund mirrors its sale. Amounts of different
currencies are never added. Vectors: FORMATS, "VAT rates".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

BASIS_POINTS = 10_000
MAX_MINOR = 10**15

# ISO 4217: currencies whose minor unit is not a hundredth. Every other code has two decimals.
_EXPONENTS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


def currency_exponent(currency: str) -> int:
    """Return how many decimals a currency's minor unit has (ISO 4217): EUR 2, JPY 0."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True)
class VatRow:
    """One row of a VAT breakdown, in minor units; ``basis_points`` is None where the shop told no rate."""

    currency: str
    basis_points: int | None
    net: int
    vat: int
    gross: int


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return the quotient rounded to the nearest integer, halves away from zero; denominator positive."""
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -quotient if numerator < 0 else quotient


def vat_from_gross(gross_minor: int, basis_points: int) -> int:
    """Return the VAT contained in a gross amount: 4990 at 2550 is 1014."""
    _check_rate(basis_points)
    net = divide_half_up(gross_minor * BASIS_POINTS, BASIS_POINTS + basis_points)
    return gross_minor - net


def vat_from_net(net_minor: int, basis_points: int) -> int:
    """Return the VAT on a net amount: 10000 at 2550 is 2550."""
    _check_rate(basis_points)
    return divide_half_up(net_minor * basis_points, BASIS_POINTS)


def vat_breakdown(lines: Iterable[VatRow]) -> tuple[VatRow, ...]:
    """Sum rows as stored, by currency and rate: highest rate first, unknown last; nothing recomputed."""
    sums: dict[tuple[str, int | None], list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in lines:
        total = sums[line.currency, line.basis_points]
        total[0] += line.net
        total[1] += line.vat
        total[2] += line.gross
    rows = [VatRow(currency, rate, *total) for (currency, rate), total in sums.items()]
    return tuple(sorted(rows, key=lambda row: (row.currency, row.basis_points is None, -(row.basis_points or 0))))


def _check_rate(basis_points: int) -> None:
    if not 0 <= basis_points <= BASIS_POINTS:
        raise ValueError(f"VAT rate out of range: {basis_points} basis points")
