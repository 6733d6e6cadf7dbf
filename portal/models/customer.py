"""Customers: the people and companies of the register, with or without an account."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, UtcDateTime, personal, subject, technical
from portal.rules.register import Category, Erasure, Origin, Purpose, Retention

SERVING = (Purpose.ORDERS, Purpose.INVOICING, Purpose.CUSTOMER_CARE, Purpose.CUSTOMER_INFORMATION)


class Customer(Base):
    """One customer: a person, or a company with one contact person (decision 5).

    The columns `email` to `language` change only through `services/register/provenance.py`.
    """

    __tablename__ = "customer"
    __subject__ = subject()
    __table_args__ = (Index(None, "email_identity"), Index(None, "merged_into_id"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    uuid: Mapped[uuid.UUID] = technical("random name of the row in ledgers and files", Uuid, unique=True)
    first_name: Mapped[str] = personal(
        Category.IDENTITY, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(100)
    )
    last_name: Mapped[str] = personal(
        Category.IDENTITY, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(100)
    )
    company: Mapped[str | None] = personal(
        Category.COMPANY, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(200)
    )
    business_id: Mapped[str | None] = personal(
        Category.COMPANY, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(20)
    )
    email: Mapped[str | None] = personal(
        Category.CONTACT, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(254)
    )
    email_identity: Mapped[str | None] = personal(
        Category.CONTACT,
        SERVING,
        Retention.CUSTOMER_RELATION,
        Erasure.ANONYMISE,
        String(254),
        origin=Origin.DERIVED,
    )
    phone: Mapped[str | None] = personal(
        Category.CONTACT, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(40)
    )
    street: Mapped[str | None] = personal(
        Category.CONTACT, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(200)
    )
    postal_code: Mapped[str | None] = personal(
        Category.CONTACT, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(20)
    )
    city: Mapped[str | None] = personal(
        Category.CONTACT, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(100)
    )
    country: Mapped[str | None] = personal(
        Category.CONTACT, SERVING, Retention.CUSTOMER_RELATION, Erasure.ANONYMISE, String(2)
    )
    language: Mapped[str] = personal(Category.CONTACT, SERVING, Retention.CUSTOMER_RELATION, Erasure.CLEAR, String(2))
    source: Mapped[str] = personal(
        Category.IDENTITY,
        Purpose.ACCOUNTABILITY,
        Retention.CUSTOMER_RELATION,
        Erasure.KEEP_LEGAL_CLAIMS,
        String(20),
        origin=Origin.OBSERVED,
    )
    created_at: Mapped[datetime] = personal(
        Category.IDENTITY,
        Purpose.ACCOUNTABILITY,
        Retention.CUSTOMER_RELATION,
        Erasure.KEEP_LEGAL_CLAIMS,
        UtcDateTime,
        origin=Origin.OBSERVED,
    )
    merged_into_id: Mapped[int | None] = technical(
        "the customer that took over this one's orders", BigId, ForeignKey("customer.id")
    )
    version: Mapped[int] = technical("counts changes, so that a stale form is noticed", BigId, default=1)


class CustomerKey(Base):
    """The name by which one shop knows a customer. It stays through an erasure, so that importing the same file
    again changes nothing (decision 10)."""

    __tablename__ = "customer_key"
    __subject__ = subject("customer_id")
    __table_args__ = (UniqueConstraint("shop_id", "external_key"), Index(None, "customer_id"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    shop_id: Mapped[int] = technical("the shop that uses the key", BigId, ForeignKey("shop.id"))
    external_key: Mapped[str] = personal(
        Category.IDENTITY,
        Purpose.ORDERS,
        Retention.CUSTOMER_RELATION,
        Erasure.KEEP_LEGAL_CLAIMS,
        String(100),
        origin=Origin.DERIVED,
    )
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))


class Provenance(Base):
    """One change of one tracked field: where it came from, who made it, when, and the value before it.

    `old_value` inherits the category of the field that the row names (decision 7).
    """

    __tablename__ = "provenance"
    __subject__ = subject("customer_id")
    __table_args__ = (Index(None, "customer_id", "field", "changed_at"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    field: Mapped[str] = technical("the name of the column that changed", String(60))
    source: Mapped[str] = personal(
        Category.PROOF, Purpose.ACCOUNTABILITY, Retention.LEGAL_CLAIMS, Erasure.KEEP_LEGAL_CLAIMS, String(20)
    )
    actor_kind: Mapped[str] = personal(
        Category.PROOF, Purpose.ACCOUNTABILITY, Retention.LEGAL_CLAIMS, Erasure.KEEP_LEGAL_CLAIMS, String(20)
    )
    actor_id: Mapped[int | None] = technical("row number of the actor in the actor's own table", BigId)
    changed_at: Mapped[datetime] = personal(
        Category.PROOF, Purpose.ACCOUNTABILITY, Retention.LEGAL_CLAIMS, Erasure.KEEP_LEGAL_CLAIMS, UtcDateTime
    )
    old_value: Mapped[str | None] = personal(
        Category.PROOF,
        Purpose.ACCOUNTABILITY,
        Retention.LEGAL_CLAIMS,
        Erasure.CLEAR,
        Text,
        origin=Origin.PROVIDED,
    )
