"""Files of WooCommerce's orders for tests: a sensible order in euros, of which a test changes what it is about."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.services.imports.formats import prepare
from portal.services.imports.problems import BadCell, FileRefused
from portal.services.imports.received import ORDER_FIELDS, Received

Change = Callable[[dict[str, Any]], object]

_PERSON = {"first_name": "Aino", "last_name": "Virtanen", "company": ""}
_PLACE = {
    "address_1": "Kuubankatu 2",
    "address_2": "",
    "city": "Helsinki",
    "state": "",
    "postcode": "00220",
    "country": "FI",
}
# Two pairs of socks and a mug at 25.5 %, a tenth off the socks, delivery, a fee, and one refund.
ORDER: dict[str, Any] = {
    "id": 901,
    "parent_id": 0,
    "number": "901",
    "status": "processing",
    "currency": "EUR",
    "date_created_gmt": "2026-03-05T08:15:00",
    "date_paid_gmt": "2026-03-05T08:20:00",
    "date_completed_gmt": None,
    "discount_total": "4.00",
    "discount_tax": "1.02",
    "shipping_total": "5.50",
    "shipping_tax": "1.40",
    "cart_tax": "11.73",
    "total": "64.63",
    "total_tax": "13.13",
    "prices_include_tax": True,
    "customer_id": 7,
    "customer_note": "Soittakaa ennen toimitusta.",
    "customer_ip_address": "198.51.100.7",
    "billing": {**_PERSON, **_PLACE, "email": "aino@example.com", "phone": "040 123 4567"},
    "shipping": {**_PERSON, **_PLACE},
    "payment_method": "paytrail",
    "payment_method_title": "Verkkopankki",
    "line_items": [
        {
            "id": 1,
            "name": "Villasukat &ndash; koko 38&#8211;40",
            "sku": "VS-1",
            "quantity": 2,
            "subtotal": "40.00",
            "subtotal_tax": "10.20",
            "total": "36.00",
            "total_tax": "9.18",
            "taxes": [{"id": 3, "total": "9.18", "subtotal": "10.2"}],
            "price": 18,
        },
        {
            "id": 2,
            "name": "Muki",
            "sku": None,
            "quantity": 1,
            "subtotal": "8.00",
            "subtotal_tax": "2.04",
            "total": "8.00",
            "total_tax": "2.04",
            "taxes": [{"id": 3, "total": "2.04", "subtotal": "2.04"}],
            "price": 8,
        },
    ],
    "tax_lines": [{"id": 9, "rate_id": 3, "rate_code": "FI-ALV-1", "compound": False, "rate_percent": 25.5}],
    "shipping_lines": [
        {
            "id": 4,
            "method_title": "Posti &amp; paketti",
            "total": "5.50",
            "total_tax": "1.40",
            "taxes": [{"id": 3, "total": "1.40", "subtotal": ""}],
        }
    ],
    "fee_lines": [
        {
            "id": 5,
            "name": "Laskutuslisä",
            "total": "2.00",
            "total_tax": "0.51",
            "taxes": [{"id": 3, "total": "0.51", "subtotal": ""}],
        }
    ],
    "coupon_lines": [{"id": 6, "code": "kev&auml;t10", "discount": "4.00", "discount_tax": "1.02"}],
    "refunds": [{"id": 950, "reason": "Muki oli rikki", "total": "-10.04"}],
}


def woo_order(change: Change | None = None, /, **fields: Any) -> dict[str, Any]:
    """An order with these fields; `change` reaches what is deeper."""
    order = {**copy.deepcopy(ORDER), **fields}
    if change is not None:
        change(order)
    return order


def woo_file(folder: Path, *orders: Any, name: str = "orders.json") -> Path:
    """A file of these orders, each on one line."""
    path = folder / name
    path.write_text("[" + ",\n".join(json.dumps(order) for order in orders) + "]", encoding="utf-8")
    return path


def orders_of(path: Path) -> list[Received]:
    """The orders of a file that must be good."""
    with prepare(path, "woocommerce") as prepared:
        assert list(map(str, FileRefused(*prepared.problems))) == []
        return list(prepared.orders)


def problems_of(path: Path) -> list[BadCell]:
    """What is wrong with a file."""
    with prepare(path, "woocommerce") as prepared:
        return list(FileRefused(*prepared.problems))


def stored(order: Received, name: str) -> Any:
    """What an order's row would hold in a column."""
    return order[4][ORDER_FIELDS.index(name)]


def wrong(folder: Path, change: Change | None = None, /, **fields: Any) -> list[tuple[str, str, str]]:
    """The fields, values and reasons of one bad order among good ones."""
    good = [woo_order(number=number) for number in ("1", "3")]
    found = problems_of(woo_file(folder, good[0], woo_order(change, **fields), good[1]))
    assert {(problem.place, problem.order) for problem in found} <= {(2, str(fields.get("number", "901")))}
    return [(problem.column, problem.value, problem.reason.told("en")) for problem in found]
