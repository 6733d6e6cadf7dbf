"""Orders of the company's shops: money as received in integer minor units, addresses frozen (decisions 3 and 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, MappedColumn

from portal.models.base import Base, BigId, UtcDateTime, no_subject, personal, subject, technical
from portal.rules.register import Category, Erasure, Origin, Purpose, Retention

SELLING = (Purpose.ORDERS, Purpose.INVOICING, Purpose.CUSTOMER_CARE)


def purchase(*args: Any, **options: Any) -> MappedColumn[Any]:
    """What was bought: kept as long as the Accounting Act demands, behind the bookkeeping lock after an erasure."""
    return personal(Category.PURCHASE, SELLING, Retention.BOOKKEEPING, Erasure.KEEP_BOOKKEEPING, *args, **options)


def snapshot(*args: Any, **options: Any) -> MappedColumn[Any]:
    """Part of an order's frozen addresses and contact details."""
    return personal(Category.ORDER_ADDRESS, SELLING, Retention.BOOKKEEPING, Erasure.KEEP_BOOKKEEPING, *args, **options)


class Shop(Base):
    """A shop whose orders are imported. Its prefix makes the shop's numbers unique among all shops."""

    __tablename__ = "shop"
    __subject__ = no_subject("a sales channel of the company")

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    code: Mapped[str] = technical("name on the command line", String(40), unique=True)
    name: Mapped[str] = technical("name on pages", String(100))
    prefix: Mapped[str] = technical("first part of public order numbers", String(8), unique=True)


class Order(Base):
    """One order. Write-once but for its status: the source is carried by the row itself (decision 8).

    `first_product` and `line_count` repeat what the lines say, so that a list needs no lines.
    Money is in minor units of `currency`; `net` and `vat` are empty where the shop did not say them.
    """

    __tablename__ = "orders"
    __subject__ = subject("customer_id")
    __table_args__ = (
        UniqueConstraint("shop_id", "external_id"),
        Index("ix_orders_customer_id_placed_at_id", "customer_id", "placed_at", "id"),
        Index("ix_orders_placed_at_id", "placed_at", "id"),
        Index("ix_orders_status_placed_at_id", "status", "placed_at", "id"),
        Index(None, "import_run_id"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    shop_id: Mapped[int] = technical("the shop", BigId, ForeignKey("shop.id"))
    external_id: Mapped[str] = purchase(String(100))
    number: Mapped[str] = purchase(String(48), unique=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    status: Mapped[str] = purchase(String(20))
    currency: Mapped[str] = purchase(String(3))
    placed_at: Mapped[datetime] = purchase(UtcDateTime)
    net: Mapped[int | None] = purchase(BigInteger)
    vat: Mapped[int | None] = purchase(BigInteger)
    gross: Mapped[int] = purchase(BigInteger)
    first_product: Mapped[str] = purchase(String(300), origin=Origin.DERIVED)
    line_count: Mapped[int] = purchase(Integer, origin=Origin.DERIVED)
    payment_method: Mapped[str | None] = purchase(String(60))
    note: Mapped[str | None] = purchase(Text, origin=Origin.PROVIDED)
    email: Mapped[str | None] = snapshot(String(254))
    phone: Mapped[str | None] = snapshot(String(60))
    billing_name: Mapped[str | None] = snapshot(String(200))
    billing_street: Mapped[str | None] = snapshot(String(300))
    billing_postal_code: Mapped[str | None] = snapshot(String(20))
    billing_city: Mapped[str | None] = snapshot(String(100))
    billing_country: Mapped[str | None] = snapshot(String(2))
    delivery_name: Mapped[str | None] = snapshot(String(200))
    delivery_street: Mapped[str | None] = snapshot(String(300))
    delivery_postal_code: Mapped[str | None] = snapshot(String(20))
    delivery_city: Mapped[str | None] = snapshot(String(100))
    delivery_country: Mapped[str | None] = snapshot(String(2))
    source: Mapped[str] = purchase(String(20))
    content_digest: Mapped[bytes] = technical(
        "SHA-256 of the order as received: equal means no change", LargeBinary(32)
    )
    import_run_id: Mapped[int | None] = technical("the import that last wrote it", BigId, ForeignKey("import_run.id"))
    imported_at: Mapped[datetime] = technical("when that import ran", UtcDateTime)


class OrderLine(Base):
    """One line. `quantity` in thousandths, `unit_price` gross in ten-thousandths of the currency's major unit,
    `vat_rate` in basis points, money in minor units. `product_folded` is what a search compares."""

    __tablename__ = "order_line"
    __subject__ = subject("order_id.customer_id")
    __table_args__ = ({"sqlite_with_rowid": False},)

    order_id: Mapped[int] = technical("the order", BigId, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = technical("position in the order, from 1", Integer, primary_key=True, autoincrement=False)
    sku: Mapped[str | None] = purchase(String(100))
    product: Mapped[str] = purchase(String(300))
    product_folded: Mapped[str] = technical("the product's name folded for searching", String(600))
    quantity: Mapped[int] = purchase(BigInteger)
    unit_price: Mapped[int] = purchase(BigInteger)
    vat_rate: Mapped[int | None] = purchase(Integer)
    net: Mapped[int | None] = purchase(BigInteger)
    vat: Mapped[int | None] = purchase(BigInteger)
    gross: Mapped[int] = purchase(BigInteger)


class OrderCharge(Base):
    """Shipping, a fee, or a discount (negative) of an order."""

    __tablename__ = "order_charge"
    __subject__ = subject("order_id.customer_id")
    __table_args__ = ({"sqlite_with_rowid": False},)

    order_id: Mapped[int] = technical("the order", BigId, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    charge_no: Mapped[int] = technical("position in the order, from 1", Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = purchase(String(20))
    label: Mapped[str | None] = purchase(String(200))
    vat_rate: Mapped[int | None] = purchase(Integer)
    net: Mapped[int | None] = purchase(BigInteger)
    vat: Mapped[int | None] = purchase(BigInteger)
    gross: Mapped[int] = purchase(BigInteger)


class OrderRefund(Base):
    """What a shop paid back of an order, below zero. The order's own total stays what was bought."""

    __tablename__ = "order_refund"
    __subject__ = subject("order_id.customer_id")
    __table_args__ = ({"sqlite_with_rowid": False},)

    order_id: Mapped[int] = technical("the order", BigId, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    refund_no: Mapped[int] = technical("position in the order, from 1", Integer, primary_key=True, autoincrement=False)
    external_id: Mapped[str] = purchase(String(40))
    reason: Mapped[str | None] = purchase(String(300))
    gross: Mapped[int] = purchase(BigInteger)


class OrderEvent(Base):
    """One step of an order's status."""

    __tablename__ = "order_event"
    __subject__ = subject("order_id.customer_id")
    __table_args__ = ({"sqlite_with_rowid": False},)

    order_id: Mapped[int] = technical("the order", BigId, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    event_no: Mapped[int] = technical(
        "position in the timeline, from 1", Integer, primary_key=True, autoincrement=False
    )
    status: Mapped[str] = purchase(String(20))
    occurred_at: Mapped[datetime] = purchase(UtcDateTime)
    source: Mapped[str] = purchase(String(20))


class ImportRun(Base):
    """One run of an order import: which file, by whom, and what it changed."""

    __tablename__ = "import_run"
    __subject__ = no_subject("counts and a digest of a file; the orders name their run, not the run its customers")
    __table_args__ = (Index(None, "started_at"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    shop_id: Mapped[int] = technical("the shop", BigId, ForeignKey("shop.id"))
    file_format: Mapped[str] = technical("csv, woocommerce or shopify", String(20))
    file_digest: Mapped[bytes] = technical("SHA-256 of the file", LargeBinary(32))
    actor_kind: Mapped[str] = technical("who ran it: a command or an employee", String(20))
    actor_id: Mapped[int | None] = technical("row number of the actor", BigId)
    started_at: Mapped[datetime] = technical("when it began", UtcDateTime)
    orders_added: Mapped[int] = technical("how many orders were new", Integer)
    orders_changed: Mapped[int] = technical("how many known orders changed", Integer)
    customers_added: Mapped[int] = technical("how many customers were new", Integer)
