"""A customer's own orders: a page of the history, the newest ones, and one order in full.

Everything is scoped by its owner here: another customer's order is answered exactly like a missing one (SECURITY 33).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Row, bindparam, func, select

from portal.models.database import connection
from portal.models.order import Order, OrderCharge, OrderEvent, OrderLine, OrderRefund, Shop
from portal.rules import cursors
from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.rules.money import VatRow, vat_breakdown
from portal.rules.order_numbers import is_public_number
from portal.services.foundation import two_way_pages
from portal.services.orders.order_search import COLUMNS, PAGE_SIZE, Direction, Filters, parameters, statement

Span = tuple[datetime, datetime]


class OrderRow(NamedTuple):
    """One order of a list; `gross` in minor units of `currency`."""

    id: int
    number: str
    placed_at: datetime
    status: str
    currency: str
    gross: int
    first_product: str
    line_count: int


@dataclass(frozen=True)
class HistoryPage:
    """One page of the history, newest first, with the cursors to its neighbours, None where the list ends."""

    orders: list[OrderRow]
    newer: str | None
    older: str | None


@dataclass(frozen=True)
class OrderDetail:
    """One order in full. `order` holds its columns and the shop's name; `vat` sums what the shop told of the VAT, and
    `untold` is the gross of what it told nothing of; `rounding` is what the total has beyond its parts. Refunds are
    below zero and no part of the total."""

    order: Row[Any]
    lines: list[Row[Any]]
    charges: list[Row[Any]]
    refunds: list[Row[Any]]
    events: list[Row[Any]]
    vat: tuple[VatRow, ...]
    untold: int
    goods: int
    rounding: int


_LATEST = (
    select(*COLUMNS)
    .where(Order.customer_id == bindparam("customer_id"))
    .order_by(Order.placed_at.desc(), Order.id.desc())
    .limit(bindparam("count"))
)
_RANGE = select(
    select(func.min(Order.placed_at)).where(Order.customer_id == bindparam("customer_id")).scalar_subquery(),
    select(func.max(Order.placed_at)).where(Order.customer_id == bindparam("customer_id")).scalar_subquery(),
)
_ORDER = (
    select(Order.__table__, Shop.name.label("shop"))
    .join(Shop, Shop.id == Order.shop_id)
    .where(Order.number == bindparam("number"), Order.customer_id == bindparam("customer_id"))
)
_LINES = select(OrderLine.__table__).where(OrderLine.order_id == bindparam("order_id")).order_by(OrderLine.line_no)
_CHARGES = (
    select(OrderCharge.__table__).where(OrderCharge.order_id == bindparam("order_id")).order_by(OrderCharge.charge_no)
)
_REFUNDS = (
    select(OrderRefund.__table__).where(OrderRefund.order_id == bindparam("order_id")).order_by(OrderRefund.refund_no)
)
_EVENTS = select(OrderEvent.__table__).where(OrderEvent.order_id == bindparam("order_id")).order_by(OrderEvent.event_no)


def latest(context: Context, customer_id: int, count: int) -> list[OrderRow]:
    """The customer's newest orders."""
    rows = connection().execute(_LATEST, {"customer_id": customer_id, "count": count}).all()
    return [OrderRow._make(row) for row in rows]


def placed_between(context: Context, customer_id: int) -> Span | None:
    """When the customer's first and last order were placed; None without orders."""
    # The types do not say that the least of no rows is nothing.
    row = cast(
        "tuple[datetime | None, datetime | None]", connection().execute(_RANGE, {"customer_id": customer_id}).one()
    )
    first, last = row
    return None if first is None or last is None else (first, last)


def history(
    context: Context, customer_id: int, filters: Filters, *, after: str | None = None, before: str | None = None
) -> HistoryPage:
    """A page of the orders that match. `after` is a cursor to what is older, `before` to what is newer.

    Raises `ValueError` for both at once and for a cursor that is malformed or of another list (decision 12).
    """
    if after and before:
        raise ValueError("one direction at a time")
    digest = filters.digest(customer_id)
    given = after or before
    cursor = cursors.decode(given, digest) if given else None
    direction: Direction = "older" if after else "newer" if before else "first"
    found = connection().execute(statement(filters, direction), parameters(customer_id, filters, cursor)).all()
    if cursor is not None and not found:
        # What the cursor pointed past is gone: the list begins again.
        return history(context, customer_id, filters)
    rows, has_newer, has_older = two_way_pages.turn(found, PAGE_SIZE, after=after, before=before)
    return HistoryPage(
        [OrderRow._make(row) for row in rows],
        cursors.encode(rows[0].placed_at, rows[0].id, digest) if has_newer else None,
        cursors.encode(rows[-1].placed_at, rows[-1].id, digest) if has_older else None,
    )


def detail(context: Context, customer_id: int, number: str) -> OrderDetail:
    """The customer's order of that public number. Raises `NotFound` when there is none."""
    if not is_public_number(number):
        raise NotFound
    read = connection()
    order = read.execute(_ORDER, {"number": number, "customer_id": customer_id}).first()
    if order is None:
        raise NotFound
    lines, charges, refunds, events = (
        list(read.execute(query, {"order_id": order.id}).all()) for query in (_LINES, _CHARGES, _REFUNDS, _EVENTS)
    )
    parts = [*lines, *charges]
    told = [part for part in parts if part.net is not None and part.vat is not None]
    return OrderDetail(
        order=order,
        lines=lines,
        charges=charges,
        refunds=refunds,
        events=events,
        vat=vat_breakdown(VatRow(order.currency, part.vat_rate, part.net, part.vat, part.gross) for part in told),
        untold=sum(part.gross for part in parts) - sum(part.gross for part in told),
        goods=sum(line.gross for line in lines),
        rounding=order.gross - sum(part.gross for part in parts),
    )
