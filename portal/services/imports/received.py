"""A checked order as it waits on the spool, whatever the format of its file: every value as the database takes it."""

from __future__ import annotations

from typing import Any

# The columns of `orders` that a file fills, in the order of `Received.stored`.
ORDER_FIELDS = (
    "status",
    "currency",
    "placed_at",
    "net",
    "vat",
    "gross",
    "first_product",
    "line_count",
    "payment_method",
    "note",
    "email",
    "phone",
    "billing_name",
    "billing_street",
    "billing_postal_code",
    "billing_city",
    "billing_country",
    "delivery_name",
    "delivery_street",
    "delivery_postal_code",
    "delivery_city",
    "delivery_country",
)
# The columns of `order_line` but for the order, in the order of each of `Received.lines`.
LINE_FIELDS = (
    "line_no",
    "sku",
    "product",
    "product_folded",
    "quantity",
    "unit_price",
    "vat_rate",
    "net",
    "vat",
    "gross",
)
# The columns of `order_charge` and of `order_refund` but for the order, in the order of `Extras`.
CHARGE_FIELDS = ("charge_no", "kind", "label", "vat_rate", "net", "vat", "gross")
REFUND_FIELDS = ("refund_no", "external_id", "reason", "gross")
STATUS, PLACED_AT = ORDER_FIELDS.index("status"), ORDER_FIELDS.index("placed_at")

# (number, e-mail identity or None, first name, last name, company, business ID), as received.
Person = tuple[str, str | None, str, str, str, str]
# (charges, refunds, when the status was reached or None, whether the order is none of ours unless it is known already).
Extras = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], str | None, bool]
# (place in the file, the shop's own number, SHA-256 of what it says, person, values of ORDER_FIELDS, lines, extras).
Received = tuple[int, str, bytes, Person, tuple[Any, ...], list[tuple[Any, ...]], Extras]
NO_EXTRAS: Extras = ([], [], None, False)
ONLY_KNOWN = 3
