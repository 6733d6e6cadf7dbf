"""What employees write to many customers: one text in every language, as service information or as marketing."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, JsonText, UtcDateTime, no_subject, technical


class Announcement(Base):
    """One announcement: a draft until an employee lets it go, then on its way through the customers, then sent.

    Who got it stands in `message` alone, which the register, the copy and retention know.
    """

    __tablename__ = "announcement"
    __subject__ = no_subject("the company's own words, the same for everybody")
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'sending', 'sent')", name="state"),
        CheckConstraint("type IN ('service', 'marketing')", name="type"),
        Index(None, "state"),
        Index(None, "created_at"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    uuid: Mapped[uuid.UUID] = technical("name of the announcement in addresses", Uuid, unique=True)
    words: Mapped[Any] = technical("subject and text in each language; the same for everybody", JsonText)
    state: Mapped[str] = technical("how far it is", String(10))
    version: Mapped[int] = technical("raised with each change; what is sent is what was seen", Integer)
    author_id: Mapped[int] = technical("the employee who began it", BigId, ForeignKey("staff.id"))
    sender_id: Mapped[int | None] = technical("the employee who let it go", BigId, ForeignKey("staff.id"))
    created_at: Mapped[datetime] = technical("when it was begun", UtcDateTime)
    sent_at: Mapped[datetime | None] = technical("when it was let go", UtcDateTime)
    finished_at: Mapped[datetime | None] = technical("when the last message was queued", UtcDateTime)
    reached_id: Mapped[int] = technical("row number of the last customer who was looked at", BigId, default=0)
    queued: Mapped[int] = technical("how many messages were queued", Integer, default=0)
    withheld: Mapped[int] = technical("how many customers with an address get none", Integer, default=0)
    type: Mapped[str] = technical("service information or marketing, which decides whom it reaches", String(10))
