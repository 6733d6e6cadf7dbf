"""Interests that customers tell, and what is derived from the purchases of those who want suggestions (decision 18)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, UtcDateTime, personal, subject, technical
from portal.rules.register import Category, Erasure, Purpose, Retention


def told(*args: Any) -> Any:
    """What the customer told, and how."""
    return personal(Category.INTERESTS, Purpose.PERSONALISATION, Retention.ACCOUNT, Erasure.DELETE_ROW, *args)


def derived(*args: Any) -> Any:
    """What was derived; it is kept while the consent is in force and no longer."""
    return personal(Category.DERIVED, Purpose.PERSONALISATION, Retention.CONSENT, Erasure.DELETE_ROW, *args)


class Interest(Base):
    """One interest: a `topic` of `rules.interests.TOPICS`, or the customer's own `words`."""

    __tablename__ = "interest"
    __subject__ = subject("customer_id")
    __table_args__ = (UniqueConstraint("customer_id", "topic"), UniqueConstraint("customer_id", "words"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    topic: Mapped[str | None] = told(String(30))
    words: Mapped[str | None] = told(String(60))
    source: Mapped[str] = told(String(20))
    told_at: Mapped[datetime] = told(UtcDateTime)


class Derivation(Base):
    """When the orders of a customer who wants suggestions were last looked at, also where nothing came of it."""

    __tablename__ = "derivation"
    __subject__ = subject("customer_id")

    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"), primary_key=True)
    derived_at: Mapped[datetime] = technical("so that only those whose orders changed since are looked at", UtcDateTime)


class DerivedFact(Base):
    """One fact derived from a customer's orders, with the figures that are its reason.

    `kind` is a code of `rules.purchase_facts.FactKind`, which says what the figures mean; `interest` is the topic or
    the words of an interest that the product fits. The rows stand in the order in which they are suggested.
    """

    __tablename__ = "derived_fact"
    __subject__ = subject("customer_id")
    __table_args__ = (
        CheckConstraint("kind IN ('often', 'interest', 'season', 'interval')", name="kind"),
        Index(None, "customer_id", "id"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    kind: Mapped[str] = derived(String(20))
    product: Mapped[str | None] = derived(String(300))
    interest: Mapped[str | None] = derived(String(60))
    times: Mapped[int | None] = derived(Integer)
    out_of: Mapped[int | None] = derived(Integer)
    month: Mapped[int | None] = derived(Integer)
    days: Mapped[int | None] = derived(Integer)
    last_at: Mapped[datetime | None] = derived(UtcDateTime)
    derived_at: Mapped[datetime] = derived(UtcDateTime)
