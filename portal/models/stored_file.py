"""Files kept beside the database: letters, attachments and data copies. The bytes lie under `PORTAL_DATA_DIR/files`."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, UtcDateTime, personal, subject, technical
from portal.rules.register import Category, Erasure, Origin, Purpose, Retention


class StoredFile(Base):
    """One file about one customer. The server makes the name on the disk, which is the row's `uuid` (SECURITY 57).

    A row stands only for a whole file: the bytes are in place before the row is written (see
    `services/foundation/stored_files.py`).
    """

    __tablename__ = "stored_file"
    __subject__ = subject("customer_id")
    __table_args__ = (Index(None, "customer_id", "created_at"), Index(None, "expires_at"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    uuid: Mapped[uuid.UUID] = technical("name of the file on the disk", Uuid, unique=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    kind: Mapped[str] = technical("what the file is: letter, attachment or data_copy", String(20))
    name: Mapped[str] = personal(
        Category.REQUESTS,
        Purpose.ACCOUNTABILITY,
        Retention.LEGAL_CLAIMS,
        Erasure.KEEP_LEGAL_CLAIMS,
        String(200),
        origin=Origin.DERIVED,
    )
    media_type: Mapped[str] = technical("the type of the bytes, as they are sent", String(100))
    size: Mapped[int] = technical("length in bytes", BigInteger)
    sha256: Mapped[bytes] = technical("digest of the bytes", LargeBinary(32))
    created_at: Mapped[datetime] = personal(
        Category.REQUESTS,
        Purpose.ACCOUNTABILITY,
        Retention.LEGAL_CLAIMS,
        Erasure.KEEP_LEGAL_CLAIMS,
        UtcDateTime,
        origin=Origin.OBSERVED,
    )
    expires_at: Mapped[datetime | None] = technical(
        "when the file goes although its retention has not ended, as data copies do after 14 days", UtcDateTime
    )
