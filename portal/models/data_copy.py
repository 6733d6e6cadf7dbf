"""Data copies: the row says what is to be built, a job carries it out (GDPR 15(3), 20)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, JsonText, UtcDateTime, personal, subject, technical
from portal.rules.register import Category, Erasure, Origin, Purpose, Retention


def copied(*args: Any) -> Any:
    """When a copy was asked for, made and taken."""
    return personal(
        Category.REQUESTS,
        Purpose.ACCOUNTABILITY,
        Retention.LEGAL_CLAIMS,
        Erasure.KEEP_LEGAL_CLAIMS,
        *args,
        origin=Origin.OBSERVED,
    )


class DataCopy(Base):
    """One copy of a customer's data. The archive is a stored file, which goes after 14 days; the row stays as proof."""

    __tablename__ = "data_copy"
    __subject__ = subject("customer_id")
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'building', 'ready', 'failed', 'expired')", name="state"),
        CheckConstraint("state <> 'ready' OR file_id IS NOT NULL", name="file"),
        Index(None, "state", "next_attempt_at"),
        Index(None, "customer_id", "created_at"),
        Index(None, "request_id"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    uuid: Mapped[uuid.UUID] = technical("name of the copy in addresses", Uuid, unique=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    request_id: Mapped[int | None] = technical(
        "the access request it answers; none for a copy by self-service", BigId, ForeignKey("access_request.id")
    )
    language: Mapped[str] = technical("language of the readable form", String(2))
    state: Mapped[str] = copied(String(10))
    attempts: Mapped[int] = technical("how often the building was begun", Integer, default=0)
    next_attempt_at: Mapped[datetime | None] = technical("when it is tried next", UtcDateTime)
    claimed_until: Mapped[datetime | None] = technical("until when one worker has it", UtcDateTime)
    last_error: Mapped[str | None] = technical("code of the last failure", String(60))
    created_at: Mapped[datetime] = copied(UtcDateTime)
    ready_at: Mapped[datetime | None] = copied(UtcDateTime)
    expires_at: Mapped[datetime | None] = copied(UtcDateTime)
    downloads: Mapped[int] = copied(Integer)
    file_id: Mapped[int | None] = technical("the archive, once it is whole", BigId, ForeignKey("stored_file.id"))
    # The parts of the register that an employee left out, each with the code of its reason: {"<part>": "<reason>"}.
    left_out: Mapped[Any | None] = copied(JsonText)
