"""The demo's orders as rows: order, lines, charges and steps, in a handful of statements."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import insert

from portal.cli.demo.orders import DemoOrder, all_orders
from portal.cli.demo.people import Person
from portal.models.base import db
from portal.models.order import Order, OrderCharge, OrderEvent, OrderLine
from portal.rules.context import Context
from portal.rules.names import strip_marks
from portal.rules.order_numbers import public_number
from portal.rules.order_status import step_source
from portal.rules.register import Source

Row = dict[str, object]
SOURCE = Source.ORDER.value


def add_orders(context: Context, shop_id: int, prefix: str, people: Sequence[Person], ids: dict[Person, int]) -> None:
    """Insert three years of orders."""
    orders = all_orders(tuple(people), context.now)
    rows = [_order(context, shop_id, prefix, number, order, ids[order.person]) for number, order in orders]
    statement = insert(Order).returning(Order.id, sort_by_parameter_order=True)
    order_ids = db.session.execute(statement, rows).scalars().all()
    placed = list(zip(order_ids, (order for _, order in orders), strict=True))
    db.session.execute(insert(OrderLine), [row for order_id, order in placed for row in _lines(order_id, order)])
    db.session.execute(insert(OrderCharge), [row for order_id, order in placed for row in _charges(order_id, order)])
    db.session.execute(insert(OrderEvent), [row for order_id, order in placed for row in _events(order_id, order)])


def _order(context: Context, shop_id: int, prefix: str, number: str, order: DemoOrder, customer_id: int) -> Row:
    gross = sum(line.gross for line in order.lines) + sum(charge.gross for charge in order.charges)
    vat = sum(line.vat for line in order.lines) + sum(charge.vat for charge in order.charges)
    return {
        "shop_id": shop_id,
        "external_id": number,
        "number": public_number(prefix, number),
        "customer_id": customer_id,
        "status": order.status,
        "currency": "EUR",
        "placed_at": order.placed_at,
        "net": gross - vat,
        "vat": vat,
        "gross": gross,
        "first_product": order.lines[0].product.name,
        "line_count": len(order.lines),
        "payment_method": order.payment,
        "note": order.note,
        **_addresses(order),
        "source": SOURCE,
        "content_digest": hashlib.sha256(f"demo {number}".encode()).digest(),
        "imported_at": context.now,
    }


def _addresses(order: DemoOrder) -> Row:
    person = order.person
    name = person.company or f"{person.first_name} {person.last_name}"
    billing = (name, person.street, person.postal_code, person.city)
    delivery = order.delivery or billing
    frozen: Row = {"email": person.email, "phone": person.phone}
    for kind, place in (("billing", billing), ("delivery", delivery)):
        parts = zip(("name", "street", "postal_code", "city"), place, strict=True)
        frozen |= {f"{kind}_{part}": value for part, value in parts}
        frozen[f"{kind}_country"] = person.country if place is billing else "FI"
    return frozen


def _lines(order_id: int, order: DemoOrder) -> list[Row]:
    return [
        {
            "order_id": order_id,
            "line_no": position,
            "sku": line.product.sku,
            "product": line.product.name,
            "product_folded": strip_marks(line.product.name),
            "quantity": line.quantity,
            # Ten-thousandths of a euro.
            "unit_price": 100 * line.product.price,
            "vat_rate": line.vat_rate,
            "net": line.gross - line.vat,
            "vat": line.vat,
            "gross": line.gross,
        }
        for position, line in enumerate(order.lines, 1)
    ]


def _charges(order_id: int, order: DemoOrder) -> list[Row]:
    return [
        {
            "order_id": order_id,
            "charge_no": position,
            "kind": charge.kind,
            "label": charge.label,
            "vat_rate": charge.vat_rate,
            "net": charge.gross - charge.vat,
            "vat": charge.vat,
            "gross": charge.gross,
        }
        for position, charge in enumerate(order.charges, 1)
    ]


def _events(order_id: int, order: DemoOrder) -> list[Row]:
    return [
        {
            "order_id": order_id,
            "event_no": position,
            "status": status,
            "occurred_at": moment,
            "source": step_source(status).value,
        }
        for position, (status, moment) in enumerate(order.events, 1)
    ]
