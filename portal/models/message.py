"""Messages: what is to be sent is a row written in the business transaction; a job only carries it out."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, JsonText, UtcDateTime, personal, roles, technical
from portal.rules.register import Category, Erasure, Purpose, Retention

INFORMING = (Purpose.CUSTOMER_INFORMATION, Purpose.ACCOUNT_SECURITY, Purpose.MARKETING)


class Message(Base):
    """One mail. `params` holds row numbers and codes; links are made anew when the mail is sent (decision 11).

    What went out to a customer is kept in `subject`, `body` and `html`, without the links that open something
    (decision 17); they are empty until then, and for everybody who is no customer.
    """

    __tablename__ = "message"
    __subject__ = roles(customer="customer_id", staff="staff_id")
    __table_args__ = (
        Index(None, "status", "next_attempt_at"),
        Index(None, "customer_id", "created_at"),
        Index(None, "kind", "params"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    uuid: Mapped[uuid.UUID] = technical("the Message-ID, the same at every attempt", Uuid, unique=True)
    customer_id: Mapped[int | None] = technical("the customer it is for", BigId, ForeignKey("customer.id"))
    staff_id: Mapped[int | None] = technical("the employee it is for", BigId, ForeignKey("staff.id"))
    kind: Mapped[str] = personal(
        Category.MESSAGES, INFORMING, Retention.MESSAGES, Erasure.KEEP_LEGAL_CLAIMS, String(40)
    )
    recipient: Mapped[str] = personal(Category.MESSAGES, INFORMING, Retention.MESSAGES, Erasure.CLEAR, String(254))
    language: Mapped[str] = personal(
        Category.MESSAGES, INFORMING, Retention.MESSAGES, Erasure.KEEP_LEGAL_CLAIMS, String(2)
    )
    params: Mapped[Any] = technical("row numbers and codes that fill the template; no values", JsonText)
    status: Mapped[str] = technical("waiting, sending, sent, obsolete or failed", String(10), default="waiting")
    attempts: Mapped[int] = technical("how often it was tried", Integer, default=0)
    next_attempt_at: Mapped[datetime | None] = technical("when it is tried next", UtcDateTime)
    claimed_until: Mapped[datetime | None] = technical("until when one worker has it", UtcDateTime)
    last_error: Mapped[str | None] = technical("code of the last failure", String(60))
    created_at: Mapped[datetime] = personal(
        Category.MESSAGES, INFORMING, Retention.MESSAGES, Erasure.KEEP_LEGAL_CLAIMS, UtcDateTime
    )
    sent_at: Mapped[datetime | None] = personal(
        Category.MESSAGES, INFORMING, Retention.MESSAGES, Erasure.KEEP_LEGAL_CLAIMS, UtcDateTime
    )
    subject: Mapped[str | None] = personal(Category.MESSAGES, INFORMING, Retention.MESSAGES, Erasure.CLEAR, String(200))
    body: Mapped[str | None] = personal(Category.MESSAGES, INFORMING, Retention.MESSAGES, Erasure.CLEAR, Text)
    html: Mapped[str | None] = personal(Category.MESSAGES, INFORMING, Retention.MESSAGES, Erasure.CLEAR, Text)
