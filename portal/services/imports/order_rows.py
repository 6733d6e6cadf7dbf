"""The rows of orders: new ones written in bulk, changed ones replaced in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, select, update

from portal.models.base import db
from portal.models.order import Order, OrderCharge, OrderEvent, OrderLine, OrderRefund
from portal.rules.context import Context
from portal.rules.order_numbers import public_number
from portal.rules.order_status import step_source
from portal.rules.register import Source
from portal.services.imports.bulk import Bulk
from portal.services.imports.received import (
    CHARGE_FIELDS,
    LINE_FIELDS,
    ORDER_FIELDS,
    PLACED_AT,
    REFUND_FIELDS,
    STATUS,
    Received,
)
from portal.services.imports.shops import FoundShop

_ORDER_COLUMNS = (
    *("id", "shop_id", "external_id", "number", "customer_id"),
    *ORDER_FIELDS,
    *("source", "content_digest", "import_run_id", "imported_at"),
)
_LINE_COLUMNS = ("order_id", *LINE_FIELDS)
_CHARGE_COLUMNS = ("order_id", *CHARGE_FIELDS)
_REFUND_COLUMNS = ("order_id", *REFUND_FIELDS)
_EVENT_COLUMNS = ("order_id", "event_no", "status", "occurred_at", "source")


class OrderRows:
    """Writes the orders of one shop with their lines and timelines."""

    def __init__(self, context: Context, bulk: Bulk, shop: FoundShop) -> None:
        self._context = context
        self._bulk = bulk
        self._shop = shop
        self._now = bulk.moment(context.now)

    def add(self, orders: Sequence[tuple[int, Received]], run_id: int) -> None:
        """Write new orders, given with their customers. The timeline begins with the state they are received in, at
        the time of the order where the file does not say when the state was reached."""
        ids = self._bulk.take_ids(Order, len(orders))
        source, shop_id, prefix, now = Source.ORDER.value, self._shop.id, self._shop.prefix, self._now
        rows, lines, charges, refunds, events = [], [], [], [], []
        for order_id, (customer_id, order) in zip(ids, orders, strict=True):
            _, external_id, digest, _, stored, received, (own_charges, own_refunds, reached, _) = order
            number = public_number(prefix, external_id)
            own = (order_id, shop_id, external_id, number, customer_id)
            rows.append((*own, *stored, source, digest, run_id, now))
            lines += [(order_id, *line) for line in received]
            charges += [(order_id, *charge) for charge in own_charges]
            refunds += [(order_id, *refund) for refund in own_refunds]
            status = stored[STATUS]
            events.append((order_id, 1, status, reached or stored[PLACED_AT], step_source(status).value))
        self._bulk.insert(Order, _ORDER_COLUMNS, rows)
        self._bulk.insert(OrderLine, _LINE_COLUMNS, lines)
        self._bulk.insert(OrderCharge, _CHARGE_COLUMNS, charges)
        self._bulk.insert(OrderRefund, _REFUND_COLUMNS, refunds)
        self._bulk.insert(OrderEvent, _EVENT_COLUMNS, events)

    def replace(self, order_id: int, order: Received, run_id: int, *, new_status: bool) -> None:
        """Write a known order as it says now. Its customer stays: who was joined to it remains so."""
        _, _, digest, _, stored, lines, (charges, refunds, reached, _) = order
        values = dict(zip(ORDER_FIELDS, stored, strict=True))
        values["placed_at"] = _moment(stored[PLACED_AT])
        values |= {"content_digest": digest, "import_run_id": run_id, "imported_at": self._context.now}
        db.session.execute(update(Order).where(Order.id == order_id).values(**values))
        for table, columns, rows in (
            (OrderLine, _LINE_COLUMNS, lines),
            (OrderCharge, _CHARGE_COLUMNS, charges),
            (OrderRefund, _REFUND_COLUMNS, refunds),
        ):
            db.session.execute(delete(table).where(table.order_id == order_id))
            self._bulk.insert(table, columns, [(order_id, *row) for row in rows])
        if new_status:
            self._append_event(order_id, stored[STATUS], reached)

    def _append_event(self, order_id: int, status: str, reached: str | None) -> None:
        """Where the file does not say when the state was reached, it is when the register learned of it."""
        last = select(func.coalesce(func.max(OrderEvent.event_no), 0)).where(OrderEvent.order_id == order_id)
        event = {
            "order_id": order_id,
            "event_no": db.session.execute(last).scalar_one() + 1,
            "status": status,
            "occurred_at": _moment(reached) if reached else self._context.now,
            "source": step_source(status).value,
        }
        db.session.execute(insert(OrderEvent).values(**event))


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
