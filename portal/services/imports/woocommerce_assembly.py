"""A checked order of WooCommerce as the register keeps orders.

Products stand at their price before discounts, and each coupon takes its part off below them. Refunds are no part of
the total: they come after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.models.base import canonical_json
from portal.rules.countries import HOME
from portal.rules.money import currency_exponent, divide_half_up
from portal.services.imports.received import ORDER_FIELDS, Extras, Person, Received
from portal.services.imports.values import PRICE_DECIMALS, QUANTITY_DECIMALS, folded
from portal.services.imports.woocommerce_format import (
    STATUSES,
    TRASH,
    ZERO,
    Address,
    ChargeAmounts,
    LineItem,
    TaxShare,
    WooOrder,
)
from portal.services.imports.woocommerce_sums import minor, rate_of

Row = tuple[Any, ...]


def assemble(place: int, order: WooOrder) -> Received:
    """The order as it waits on the spool."""
    lines = [_line(number, line, order) for number, line in enumerate(order.line_items, 1)]
    charges = [(number, *charge) for number, charge in enumerate(_charges(order), 1)]
    refunds = [
        (number, str(refund.id), refund.reason or None, minor(refund.total, order.currency))
        for number, refund in enumerate(order.refunds, 1)
    ]
    number, person = order.number or str(order.id), _person(order)
    stored = tuple(_stored(order, lines, charges)[name] for name in ORDER_FIELDS)
    said = canonical_json([number, person, stored, lines, charges, refunds])
    extras: Extras = (charges, refunds, _reached(order), order.status == TRASH)
    return place, number, hashlib.sha256(said.encode()).digest(), person, stored, lines, extras


def _person(order: WooOrder) -> Person:
    billing = order.billing
    identity = billing.email[1] if billing.email else None
    # 0 is a guest, who is known by the e-mail address alone.
    number = str(order.customer_id) if order.customer_id else ""
    return number, identity, billing.first_name, billing.last_name, billing.company, ""


def _stored(order: WooOrder, lines: list[Row], charges: list[Row]) -> Mapping[str, Any]:
    total, tax = minor(order.total, order.currency), minor(order.total_tax, order.currency)
    return {
        "status": STATUSES[order.status],
        "currency": order.currency,
        "placed_at": order.date_created_gmt,
        "net": total - tax,
        "vat": tax,
        "gross": total,
        # An order of nothing but a fee or a delivery is named after that.
        "first_product": lines[0][2] if lines else charges[0][2] or "–",
        "line_count": len(lines),
        "payment_method": order.payment_method_title or order.payment_method or None,
        "note": order.customer_note or None,
        "email": order.billing.email[0] if order.billing.email else None,
        "phone": order.billing.phone or None,
        **_address("billing", order.billing),
        **_address("delivery", order.shipping),
    }


def _address(kind: str, address: Address) -> dict[str, str | None]:
    """An address in the register's five lines. A country alone is what a shop fills in where nothing is delivered."""
    person = " ".join(filter(None, (address.first_name, address.last_name)))
    # Where a country has states, the letter needs it; Finland has none.
    state = address.state if address.country != HOME else ""
    parts = {
        "name": " / ".join(filter(None, (address.company, person))),
        "street": ", ".join(filter(None, (address.address_1, address.address_2))),
        "postal_code": address.postcode,
        "city": ", ".join(filter(None, (address.city, state))),
    }
    country = address.country if any(parts.values()) else None
    return {f"{kind}_{name}": value or None for name, value in {**parts, "country": country}.items()}


def _line(number: int, line: LineItem, order: WooOrder) -> Row:
    net, vat = minor(line.subtotal, order.currency), minor(line.subtotal_tax, order.currency)
    scale = 10 ** (QUANTITY_DECIMALS + PRICE_DECIMALS)
    price = divide_half_up((net + vat) * scale, line.quantity * 10 ** currency_exponent(order.currency))
    return (
        number,
        line.sku or None,
        line.name,
        folded(line.name),
        line.quantity,
        price,
        _rate_of_line(line, order),
        net,
        vat,
        net + vat,
    )


def _charges(order: WooOrder) -> list[Row]:
    shipping = [_charge("shipping", part.method_title, part, order) for part in order.shipping_lines]
    fees = [_charge("fee", part.name, part, order) for part in order.fee_lines]
    return shipping + fees + _discounts(order)


def _charge(kind: str, label: str, part: ChargeAmounts, order: WooOrder) -> Row:
    net, vat = minor(part.total, order.currency), minor(part.total_tax, order.currency)
    shares = {share.id: share.total or ZERO for share in part.taxes}
    rate = rate_of(part.total, part.total_tax, shares, order.tax_lines, order.currency)
    return kind, label or None, rate, net, vat, net + vat


def _discounts(order: WooOrder) -> list[Row]:
    """What every coupon took off; what was taken off without one is a discount without a name."""
    taken = [(coupon.code or None, coupon.discount, coupon.discount_tax) for coupon in order.coupon_lines]
    if not taken and (order.discount_total or order.discount_tax):
        taken = [(None, order.discount_total, order.discount_tax)]
    reduced = [line for line in order.line_items if line.subtotal != line.total]
    rates = {_rate_of_line(line, order) for line in reduced}
    rate = rates.pop() if len(rates) == 1 else None
    rows: list[Row] = []
    for code, discount, tax in taken:
        net, vat = -minor(discount, order.currency), -minor(tax, order.currency)
        rows.append(("discount", code, rate if discount else None, net, vat, net + vat))
    return rows


def _rate_of_line(line: LineItem, order: WooOrder) -> int | None:
    shares = {share.id: _before_discounts(share) for share in line.taxes}
    return rate_of(line.subtotal, line.subtotal_tax, shares, order.tax_lines, order.currency)


def _before_discounts(share: TaxShare) -> Decimal:
    told = share.total if share.subtotal is None else share.subtotal
    return told or ZERO


def _reached(order: WooOrder) -> str | None:
    """When the order reached its status, where the shop tells it."""
    return {"completed": order.date_completed_gmt, "processing": order.date_paid_gmt}.get(order.status)
