"""Which orders of a customer a list shows: the filters, and the statements that answer them.

The list is walked by keyset along the index (customer, time, number), in both directions, so that its last page costs
as much as its first. A statement is built once for each combination of filters and bound for each request.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, String, bindparam, func, or_, select, tuple_

from portal.models.order import Order, OrderLine
from portal.rules.clean_text import clean_line
from portal.rules.clock import helsinki_year_range
from portal.rules.cursors import Cursor, filter_digest
from portal.rules.names import strip_marks
from portal.rules.order_status import STATUSES
from portal.rules.search_terms import like_pattern

PAGE_SIZE = 20
LONGEST_TERM = 100
Direction = Literal["first", "older", "newer"]
COLUMNS = (
    Order.id,
    Order.number,
    Order.placed_at,
    Order.status,
    Order.currency,
    Order.gross,
    Order.first_product,
    Order.line_count,
)


@dataclass(frozen=True)
class Filters:
    """What a customer asked for; everything left out matches every order."""

    term: str = ""
    year: int | None = None
    status: str | None = None

    def __bool__(self) -> bool:
        return bool(self.term or self.year or self.status)

    def digest(self, customer_id: int) -> str:
        """The mark that binds a cursor to these filters of this customer."""
        return filter_digest({"customer": customer_id, "q": self.term, "year": self.year, "status": self.status})


def check_filters(term: str, year: str, status: str) -> Filters:
    """The filters as typed into the address. Raises `RuleBroken` naming `q` for a term that cannot be searched for, and
    `ValueError` for a year or status that no list offers (SECURITY 44)."""
    if status and status not in STATUSES:
        raise ValueError("no such status")
    if year and not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise ValueError("not a year")
    chosen_year = int(year) if year else None
    if chosen_year is not None:
        helsinki_year_range(chosen_year)
    return Filters(clean_line(term, LONGEST_TERM, "q"), chosen_year, status or None)


def parameters(customer_id: int, filters: Filters, cursor: Cursor | None) -> dict[str, Any]:
    """What the statement of these filters is bound with."""
    bound: dict[str, Any] = {"customer_id": customer_id}
    if filters.term:
        bound |= {"term": filters.term, "like": like_pattern(strip_marks(filters.term))}
    if filters.year is not None:
        bound["year_start"], bound["year_end"] = helsinki_year_range(filters.year)
    if filters.status is not None:
        bound["status"] = filters.status
    if cursor is not None:
        bound |= {"cursor_time": cursor.time, "cursor_id": cursor.row_id}
    return bound


def statement(filters: Filters, direction: Direction) -> Select[*tuple[Any, ...]]:
    """The statement for a page and one row more, which tells whether the list goes on."""
    return _statement(bool(filters.term), filters.year is not None, filters.status is not None, direction)


@cache
def _statement(term: bool, year: bool, status: bool, direction: Direction) -> Select[*tuple[Any, ...]]:
    query = select(*COLUMNS).where(Order.customer_id == bindparam("customer_id"))
    if term:
        query = query.where(_matches())
    if year:
        query = query.where(Order.placed_at >= bindparam("year_start"), Order.placed_at < bindparam("year_end"))
    if status:
        query = query.where(Order.status == bindparam("status"))
    place = tuple_(Order.placed_at, Order.id)
    cursor = tuple_(bindparam("cursor_time", type_=Order.placed_at.type), bindparam("cursor_id", type_=Order.id.type))
    if direction == "newer":
        return query.where(place > cursor).order_by(Order.placed_at, Order.id).limit(PAGE_SIZE + 1)
    if direction == "older":
        query = query.where(place < cursor)
    return query.order_by(Order.placed_at.desc(), Order.id.desc()).limit(PAGE_SIZE + 1)


def _matches() -> ColumnElement[bool]:
    """Any part of the public number or of a product's name, or the shop's own number as a whole."""
    like = bindparam("like", type_=String)
    has_product = select(OrderLine.order_id).where(
        OrderLine.order_id == Order.id, OrderLine.product_folded.like(like, escape="\\")
    )
    return or_(
        func.lower(Order.number).like(like, escape="\\"),
        Order.external_id == bindparam("term"),
        has_product.exists(),
    )
