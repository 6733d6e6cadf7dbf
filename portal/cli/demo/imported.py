"""Two orders that an employee imported from a file of WooCommerce: the page of imports shows a finished one."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.cli.demo import credentials
from portal.models.base import db
from portal.models.customer import Customer, CustomerKey
from portal.models.staff import Staff
from portal.rules.context import Actor, Context
from portal.rules.money import vat_from_gross
from portal.services.imports.formats import prepare
from portal.services.imports.write import write

RATE, RATE_ID = 2550, 3
COUPON = 890


def import_some(context: Context, customer_id: int, shop: str) -> None:
    """Import the orders in the name of the administrator, by the way that every order takes."""
    administrator = select(Staff.id).where(Staff.email == credentials.administrator().email)
    staff_id = db.session.execute(administrator).scalar_one()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "orders.json")
        path.write_text(json.dumps(_orders(context, customer_id)), encoding="utf-8")
        with prepare(path, "woocommerce") as prepared:
            by_staff = replace(context, actor=Actor("staff", staff_id))
            write(by_staff, prepared, shop=shop, file_format="woocommerce")


def _orders(context: Context, customer_id: int) -> list[dict[str, Any]]:
    customer = db.session.get_one(Customer, customer_id)
    number = db.session.scalars(select(CustomerKey.external_key).where(CustomerKey.customer_id == customer_id)).first()
    compass = _line("Käsisuuntimakompassi &ndash; valaistu", "KSK-7", 1, 8900)
    vest = _line("Paukkuliivi 150 N, aikuisten koko", "PL-150", 2, 17900)
    rope = _line("Kiinnitysköysi 14 mm, 10 m", "KK-14", 3, 2490)
    first = _order("39007", context.now - timedelta(days=33), [_reduced(compass, COUPON), rope], coupon=COUPON)
    second = _order("39012", context.now - timedelta(days=26), [vest])
    refund = {"id": 39018, "reason": "Toinen liivi palautettiin", "total": "-179.00"}
    address = {
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "address_1": customer.street,
        "postcode": customer.postal_code,
        "city": customer.city,
        "country": customer.country,
    }
    person = {
        "customer_id": int(number or 0),
        "billing": {**address, "email": customer.email, "phone": customer.phone},
        "shipping": address,
    }
    return [{**first, **person}, {**second, **person, "refunds": [refund]}]


def _order(number: str, placed: datetime, lines: list[dict[str, Any]], coupon: int = 0) -> dict[str, Any]:
    shipping = {"method_title": "Postin noutopaketti", **_amounts(690)}
    parts = [*lines, shipping]
    gross = sum(_cents(part["total"]) + _cents(part["total_tax"]) for part in parts)
    tax = sum(_cents(part["total_tax"]) for part in parts)
    off = _amounts(coupon)
    return {
        "id": int(number),
        "number": number,
        "status": "completed",
        "currency": "EUR",
        "date_created_gmt": _utc(placed),
        "date_completed_gmt": _utc(placed + timedelta(days=4)),
        "payment_method_title": "Verkkopankki",
        "line_items": lines,
        "shipping_lines": [shipping],
        "coupon_lines": [{"code": "syysmeri", "discount": off["total"], "discount_tax": off["total_tax"]}]
        * bool(coupon),
        "tax_lines": [{"rate_id": RATE_ID, "rate_percent": 25.5}],
        "discount_total": off["total"],
        "discount_tax": off["total_tax"],
        "shipping_total": shipping["total"],
        "shipping_tax": shipping["total_tax"],
        "cart_tax": _text(tax - _cents(shipping["total_tax"])),
        "total_tax": _text(tax),
        "total": _text(gross),
    }


def _line(name: str, sku: str, quantity: int, price: int) -> dict[str, Any]:
    amounts = _amounts(quantity * price)
    before = {"subtotal": amounts["total"], "subtotal_tax": amounts["total_tax"]}
    return {"name": name, "sku": sku, "quantity": quantity, **amounts, **before}


def _reduced(line: dict[str, Any], by: int) -> dict[str, Any]:
    off = _amounts(by)
    after = {name: _text(_cents(line[name]) - _cents(off[name])) for name in ("total", "total_tax")}
    taxes = [{"id": RATE_ID, "total": after["total_tax"], "subtotal": line["subtotal_tax"]}]
    return {**line, **after, "taxes": taxes}


def _amounts(gross: int) -> dict[str, Any]:
    tax = vat_from_gross(gross, RATE)
    return {"total": _text(gross - tax), "total_tax": _text(tax), "taxes": [{"id": RATE_ID, "total": _text(tax)}]}


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"
