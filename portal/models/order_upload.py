"""Order files that employees upload: each waits under `PORTAL_DATA_DIR/order-uploads`, for a day at most."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, UtcDateTime, personal, subject, technical
from portal.models.order import SELLING
from portal.rules.register import Category, Erasure, Retention


def counted(reason: str) -> Mapped[int | None]:
    """What the check or the import counted; empty before."""
    return technical(reason, Integer)


class OrderUpload(Base):
    """One uploaded file and how far it is. The server makes the name on the disk, which is the row's `uuid`
    (SECURITY 57).

    The file holds orders of people whom nothing leads to before they are imported; the row is about the employee.
    """

    __tablename__ = "order_upload"
    __subject__ = subject("staff_id", role="staff")
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'refused', 'ready', 'confirmed', 'imported', 'failed')", name="state"),
        Index(None, "state", "created_at"),
        Index(None, "created_at"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    uuid: Mapped[uuid.UUID] = technical("name of the upload in addresses and on the disk", Uuid, unique=True)
    staff_id: Mapped[int] = technical("the employee who uploaded it", BigId, ForeignKey("staff.id"))
    confirmed_by_id: Mapped[int | None] = technical("the employee who confirmed it", BigId, ForeignKey("staff.id"))
    content: Mapped[str | None] = personal(Category.PURCHASE, SELLING, Retention.SHORT, Erasure.DELETE_ROW, String(32))
    shop: Mapped[str] = technical("name of the shop whose orders they are", String(100))
    file_format: Mapped[str] = technical("csv or woocommerce", String(20))
    size: Mapped[int] = technical("length of the file in bytes", BigInteger)
    digest: Mapped[bytes] = technical("SHA-256 of the file: what is imported is what was checked", LargeBinary(32))
    state: Mapped[str] = technical("how far it is", String(10))
    attempts: Mapped[int] = technical("how often a worker began what comes next", Integer, default=0)
    claimed_until: Mapped[datetime | None] = technical("until when one worker has it", UtcDateTime)
    created_at: Mapped[datetime] = technical("when it was uploaded; decides when it goes", UtcDateTime)
    settled_at: Mapped[datetime | None] = technical("when it was imported, refused or given up", UtcDateTime)
    orders: Mapped[int | None] = counted("how many orders the file holds")
    lines: Mapped[int | None] = counted("how many order lines it holds")
    added: Mapped[int | None] = counted("how many of the orders are new")
    changed: Mapped[int | None] = counted("how many known orders change")
    customers: Mapped[int | None] = counted("how many customers are new")
    skipped: Mapped[int | None] = counted("how many drafts and deleted orders are left out")
    problems: Mapped[int | None] = counted("how many reasons there are to refuse it")
