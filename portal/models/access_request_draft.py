"""The access request that a customer is still filling in: answers that nobody has signed yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, JsonText, UtcDateTime, personal, subject, technical
from portal.rules.access_requests import DELIVERIES, SCOPES
from portal.rules.register import Category, Erasure, Purpose, Retention
from portal.rules.request_answers import LONGEST_WISHES, ContactBy


def answered(*args: Any) -> Any:
    """An answer that waits to be signed; nobody acts on it before."""
    return personal(Category.REQUESTS, Purpose.CUSTOMER_CARE, Retention.SHORT, Erasure.DELETE_ROW, *args)


def one_of(column: str, codes: Any) -> CheckConstraint:
    """A column takes these codes and no other."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class AccessRequestDraft(Base):
    """One for each customer, kept for a week: it outlives the end of a session and follows into another browser.

    An answer is empty (NULL) until its question was answered, also where the answer is nothing.
    """

    __tablename__ = "access_request_draft"
    __subject__ = subject("customer_id")
    __table_args__ = (
        one_of("scope", SCOPES),
        one_of("contact_by", ContactBy),
        one_of("delivery", DELIVERIES),
        CheckConstraint(f"length(wishes) <= {LONGEST_WISHES}", name="wishes"),
        UniqueConstraint("customer_id"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    created_at: Mapped[datetime] = answered(UtcDateTime)
    scope: Mapped[str | None] = answered(String(20))
    categories: Mapped[Any | None] = answered(JsonText)
    wishes: Mapped[str | None] = answered(Text)
    contact_by: Mapped[str | None] = answered(String(20))
    contact: Mapped[str | None] = answered(String(300))
    delivery: Mapped[str | None] = answered(String(20))
    submission: Mapped[str] = technical("random name, which the request keeps that it becomes", String(32))
    version: Mapped[int] = technical("counts changes, so that two tabs do not mix unnoticed", BigId, default=1)
