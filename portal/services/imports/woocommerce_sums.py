"""Whether an order of WooCommerce adds up, and at which VAT rate its parts were sold.

Amounts are added as received, and only the sum is rounded to the currency's smallest unit. What the order itself is
made of must agree to that unit. Discounts are no part of it, for the products' amounts are after them; a shop rounds
each, so that they may differ by half a unit for every amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from portal.rules.money import currency_exponent
from portal.services.imports.problems import Reason
from portal.services.imports.woocommerce_format import ZERO, OrderAmounts, TaxLine

BASIS_POINTS = 10_000


class WrongSum(NamedTuple):
    """A field that does not agree with the parts of the order, or is none that an order can have."""

    field: str
    value: str
    reason: Reason


def minor(amount: Decimal, currency: str) -> int:
    """An amount in the smallest units of the currency, rounded half up."""
    return int(amount.scaleb(currency_exponent(currency)).to_integral_value(ROUND_HALF_UP))


def wrong_sums(order: OrderAmounts) -> list[WrongSum]:
    """Everything that does not add up."""
    lines, shipping, fees = order.line_items, order.shipping_lines, order.fee_lines
    exact = {
        "shipping_total": _sum(part.total for part in shipping),
        "shipping_tax": _sum(part.total_tax for part in shipping),
        "cart_tax": _sum(part.total_tax for part in (*lines, *fees)),
        "total_tax": _sum(part.total_tax for part in (*lines, *shipping, *fees)),
        "total": _sum(part.total + part.total_tax for part in (*lines, *shipping, *fees)),
    }
    found = [
        WrongSum(field, written(told), Reason.of("sum", sum=written(parts)))
        for field, parts in exact.items()
        if minor(told := getattr(order, field), order.currency) != minor(parts, order.currency)
    ]
    return found + _wrong_discounts(order) + _wrong_refunds(order)


def rate_of(
    net: Decimal, tax: Decimal, shares: Mapping[int, Decimal], tax_lines: Iterable[TaxLine], currency: str
) -> int | None:
    """The VAT rate in basis points where it is certain, else None. `shares` is the tax by the rate's number.

    WooCommerce tells amounts, from which a rate can only be guessed. Certain are a rate that the order names itself and
    that explains the tax to the smallest unit, and no tax on an amount of which any would show.
    """
    charged = [number for number, share in shares.items() if share]
    if not tax and not charged:
        return 0 if abs(minor(net, currency)) >= 100 else None
    if len(charged) != 1:
        return None
    named = {line.rate_percent for line in tax_lines if line.rate_id == charged[0] and not line.compound}
    rate = named.pop() if len(named) == 1 else None
    if rate is None or abs(net * rate / BASIS_POINTS - tax).scaleb(currency_exponent(currency)) > 1:
        return None
    return rate


def written(amount: Decimal) -> str:
    """An amount as the file writes them."""
    return format(amount, "f")


def _wrong_discounts(order: OrderAmounts) -> list[WrongSum]:
    found = []
    for field, before, after, coupon in (
        ("discount_total", "subtotal", "total", "discount"),
        ("discount_tax", "subtotal_tax", "total_tax", "discount_tax"),
    ):
        told = getattr(order, field)
        lines = _sum(getattr(line, before) - getattr(line, after) for line in order.line_items)
        coupons = _sum(getattr(line, coupon) for line in order.coupon_lines)
        if _apart(told, lines, 2 * len(order.line_items) + 1, order.currency):
            found.append(WrongSum(field, written(told), Reason.of("sum_discount", sum=written(lines))))
        elif order.coupon_lines and _apart(told, coupons, len(order.coupon_lines) + 1, order.currency):
            found.append(WrongSum(field, written(told), Reason.of("sum_coupons", sum=written(coupons))))
    return found


def _wrong_refunds(order: OrderAmounts) -> list[WrongSum]:
    found = [
        WrongSum(f"refunds[{index}].total", written(refund.total), Reason.of("refund_positive"))
        for index, refund in enumerate(order.refunds)
        if refund.total > 0
    ]
    paid_back = -_sum(refund.total for refund in order.refunds)
    if not found and minor(paid_back, order.currency) > max(minor(order.total, order.currency), 0):
        found.append(WrongSum("total", written(order.total), Reason.of("refunds_exceed", sum=written(paid_back))))
    return found


def _apart(told: Decimal, parts: Decimal, amounts: int, currency: str) -> bool:
    """Whether two sums differ by more than the rounding of so many amounts explains."""
    return abs(told - parts).scaleb(currency_exponent(currency)) * 2 > amounts


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
