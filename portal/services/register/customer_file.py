"""Everything an employee sees of an opened customer: details with their sources, orders, changes, and who looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from portal.models.account import Account
from portal.models.customer import Customer, CustomerKey, Provenance
from portal.models.database import connection
from portal.models.order import Order, Shop
from portal.models.staff import CustomerOpening, Staff
from portal.rules.context import Context
from portal.rules.customer_numbers import customer_number
from portal.services.register import provenance
from portal.services.register.provenance import Change

LATEST = 20


@dataclass(frozen=True)
class LogIn:
    """The account of the customer."""

    email: str
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    closing_at: datetime | None
    second_factor_since: datetime | None
    removal_asked_at: datetime | None


@dataclass(frozen=True)
class CustomerFile:
    """The file. `customer` holds the columns of the register; `sources` the latest change of each changed field.

    `changes` and `openings` are the latest ones, newest first; an employee's name stands in `staff_name`.
    """

    number: str
    customer: Any
    account: LogIn | None
    shop_keys: Sequence[Any]
    sources: dict[str, Change]
    orders: Sequence[Any]
    changes: Sequence[Any]
    openings: Sequence[Any]


_LOG_IN = select(
    Account.email,
    Account.created_at,
    Account.disabled_at,
    Account.disabled_reason,
    Account.closing_at,
    Account.totp_since,
    Account.factor_removal_at,
)


def view(context: Context, customer_id: int) -> CustomerFile:
    """The file of a customer who was opened for a purpose; that opening is the audited read."""
    read = connection()
    account = read.execute(_LOG_IN.where(Account.customer_id == customer_id)).first()
    return CustomerFile(
        number=customer_number(customer_id),
        customer=read.execute(select(Customer.__table__).where(Customer.id == customer_id)).one(),
        account=LogIn(*account) if account else None,
        shop_keys=_shop_keys(customer_id),
        sources=provenance.latest(context, customer_id),
        orders=_orders(customer_id),
        changes=_changes(customer_id),
        openings=_openings(customer_id),
    )


def _shop_keys(customer_id: int) -> Sequence[Any]:
    statement = (
        select(Shop.name.label("shop"), CustomerKey.external_key)
        .join_from(CustomerKey, Shop, CustomerKey.shop_id == Shop.id)
        .where(CustomerKey.customer_id == customer_id)
        .order_by(Shop.name, CustomerKey.id)
    )
    return connection().execute(statement).all()


def _orders(customer_id: int) -> Sequence[Any]:
    columns = (Order.number, Order.placed_at, Order.status, Order.currency, Order.gross, Order.first_product)
    statement = (
        select(*columns, Order.line_count, Shop.name.label("shop"))
        .join_from(Order, Shop, Order.shop_id == Shop.id)
        .where(Order.customer_id == customer_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(LATEST + 1)
    )
    return connection().execute(statement).all()


def _changes(customer_id: int) -> Sequence[Any]:
    statement = (
        select(
            Provenance.field,
            Provenance.source,
            Provenance.actor_kind,
            Provenance.changed_at,
            Provenance.old_value,
            Staff.name.label("staff_name"),
        )
        .outerjoin_from(Provenance, Staff, and_(Provenance.actor_kind == "staff", Provenance.actor_id == Staff.id))
        .where(Provenance.customer_id == customer_id, Provenance.field != "email_identity")
        .order_by(Provenance.id.desc())
        .limit(LATEST)
    )
    return connection().execute(statement).all()


def _openings(customer_id: int) -> Sequence[Any]:
    statement = (
        select(CustomerOpening.opened_at, CustomerOpening.purpose, Staff.name.label("staff_name"), CustomerOpening.role)
        .join_from(CustomerOpening, Staff, CustomerOpening.staff_id == Staff.id)
        .where(CustomerOpening.customer_id == customer_id)
        .order_by(CustomerOpening.opened_at.desc(), CustomerOpening.id.desc())
        .limit(LATEST)
    )
    return connection().execute(statement).all()
