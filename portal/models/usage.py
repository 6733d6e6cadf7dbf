"""Usage statistics of customers who consented to them: which page and when, and nothing more (decision 16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, UtcDateTime, personal, subject, technical
from portal.rules.register import Category, Erasure, Purpose, Retention


def usage(*args: Any) -> Any:
    """What was used, and when."""
    return personal(Category.USAGE, Purpose.SERVICE_IMPROVEMENT, Retention.USAGE, Erasure.DELETE_ROW, *args)


class PageView(Base):
    """One page that a customer opened. `page` is the code of the view, never an address with its values."""

    __tablename__ = "page_view"
    __subject__ = subject("customer_id")
    __table_args__ = (Index(None, "customer_id", "viewed_at", "id"), Index(None, "viewed_at"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    page: Mapped[str] = usage(String(60))
    viewed_at: Mapped[datetime] = usage(UtcDateTime)
