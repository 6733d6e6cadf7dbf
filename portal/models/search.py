"""The text by which employees find a customer: derived from the register, never a source of it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, personal, subject, technical
from portal.rules.register import Category, Erasure, Origin, Purpose, Retention


class CustomerSearch(Base):
    """One customer's names, e-mail, phone and numbers, folded, each word behind two spaces.

    Migration 0003 keeps a trigram index over `text` (FTS5 on SQLite, pg_trgm on PostgreSQL). The two spaces make the
    beginning of a word a trigram too, so that one and two characters are found by the same index.
    """

    __tablename__ = "customer_search"
    __subject__ = subject("customer_id")

    customer_id: Mapped[int] = technical(
        "the customer", BigId, ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text: Mapped[str] = personal(
        Category.IDENTITY,
        Purpose.CUSTOMER_CARE,
        Retention.CUSTOMER_RELATION,
        Erasure.DELETE_ROW,
        Text,
        origin=Origin.DERIVED,
    )
