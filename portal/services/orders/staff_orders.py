"""Orders of all shops, as employees see them. The list says little; an order opens with its customer only."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.order import Order, Shop
from portal.rules.clock import helsinki_date, helsinki_year_range
from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.rules.order_numbers import is_public_number
from portal.rules.order_status import STATUSES
from portal.rules.search_terms import fragments
from portal.services.auditing import audit
from portal.services.foundation import fragment_index, two_way_pages

PAGE_SIZE = 50
_LIST = (
    select(
        Order.id,
        Order.number,
        Order.placed_at,
        Order.status,
        Order.currency,
        Order.gross,
        Shop.name.label("shop"),
        Customer.first_name,
        Customer.last_name,
        Customer.company,
        Customer.uuid.label("customer_uuid"),
    )
    .join_from(Order, Shop, Order.shop_id == Shop.id)
    .join(Customer, Order.customer_id == Customer.id)
)


@dataclass(frozen=True)
class StaffFilters:
    """What the list shows; everything left out matches every order."""

    year: int | None = None
    status: str | None = None
    shop: str | None = None

    def __bool__(self) -> bool:
        return bool(self.year or self.status or self.shop)

    @property
    def named(self) -> dict[str, object]:
        """The list that these filters make, by which a cursor is bound to it."""
        return {"staff": "orders", "year": self.year, "status": self.status, "shop": self.shop}


@dataclass(frozen=True)
class Page:
    """One page of the list, newest first, with the cursors to its neighbours, None where the list ends."""

    rows: Sequence[Any]
    newer: str | None = None
    older: str | None = None
    more: bool = False


@dataclass(frozen=True)
class Choices:
    """What the filters offer: the years in which orders were placed, newest first, and the shops as (code, name)."""

    years: list[int]
    shops: list[tuple[str, str]]


def choices(context: Context) -> Choices:
    """The years and shops of the filters."""
    first = connection().execute(select(func.min(Order.placed_at))).scalar()
    this_year = helsinki_date(context.now).year
    years = list(range(this_year, (helsinki_date(first).year if first else this_year) - 1, -1))
    shops = connection().execute(select(Shop.code, Shop.name).order_by(Shop.name, Shop.id)).all()
    return Choices(years, [(row.code, row.name) for row in shops])


def check_filters(context: Context, year: str, status: str, shop: str) -> StaffFilters:
    """The filters of the address. Raises `ValueError` for a value that no list offers (SECURITY 44)."""
    offered = choices(context)
    if year and year not in {str(item) for item in offered.years}:
        raise ValueError("no such year")
    if status and status not in STATUSES:
        raise ValueError("no such status")
    if shop and shop not in {code for code, _name in offered.shops}:
        raise ValueError("no such shop")
    return StaffFilters(int(year) if year else None, status or None, shop or None)


def listing(context: Context, filters: StaffFilters, *, after: str = "", before: str = "") -> Page:
    """A page of all orders. `after` is a cursor to what is older, `before` to what is newer.

    Raises `ValueError` for both at once and for a cursor that is malformed or of another list.
    """
    place = (Order.placed_at, Order.id)
    found = two_way_pages.read(_filtered(filters), place, PAGE_SIZE, filters.named, after=after, before=before)
    return Page(found.rows, found.newer, found.older)


def search(context: Context, term: str) -> Page:
    """The newest orders whose number holds the term."""
    found = fragment_index.find(fragment_index.ORDERS, fragments(term), PAGE_SIZE + 1)
    ids = [row.id for row in found[:PAGE_SIZE]]
    statement = _LIST.where(Order.id.in_(ids)).order_by(Order.placed_at.desc(), Order.id.desc())
    rows = connection().execute(statement).all() if ids else []
    return Page(rows, more=len(found) > PAGE_SIZE)


def note_listing(context: Context) -> None:
    """Note that the list was read."""
    audit.record(context, "staff.orders_listed")


@dataclass(frozen=True)
class Owned:
    """Whose order it is, and its row number."""

    customer_uuid: uuid.UUID
    customer_id: int
    order_id: int


def owner(context: Context, number: str) -> Owned:
    """Whose order it is. Raises `NotFound`."""
    row = None
    if is_public_number(number):
        statement = select(Customer.uuid, Customer.id, Order.id.label("order_id"))
        statement = statement.join_from(Order, Customer, Order.customer_id == Customer.id)
        row = connection().execute(statement.where(Order.number == number)).first()
    if row is None:
        raise NotFound
    return Owned(*row)


def _filtered(filters: StaffFilters) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = _LIST
    if filters.year:
        start, end = helsinki_year_range(filters.year)
        statement = statement.where(Order.placed_at >= start, Order.placed_at < end)
    if filters.status:
        statement = statement.where(Order.status == filters.status)
    if filters.shop:
        statement = statement.where(Shop.code == filters.shop)
    return statement
