"""The audit log: append-only, in a keyed hash chain, cut into monthly segments (SECURITY 64, 65; decision 9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, JsonText, UtcDateTime, no_subject, personal, roles, subject, technical
from portal.rules.register import Category, Erasure, Purpose, Retention, Withheld


def logged(*args: Any, **options: Any) -> Any:
    """A personal column of the log: opaque ids, codes and field names, never values, names or addresses."""
    return personal(
        Category.SECURITY_LOG,
        (Purpose.ACCOUNT_SECURITY, Purpose.ACCOUNTABILITY),
        Retention.AUDIT_LOG,
        Erasure.KEEP_LOG,
        *args,
        **options,
    )


class AuditEvent(Base):
    """One event. `mac` covers every other column and the `mac` before it. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "audit_event"
    __subject__ = roles(customer="customer_id", staff="staff_id")
    __table_args__ = (
        # The list of the log is walked by time; each filter has its own way through it.
        Index(None, "occurred_at", "seq"),
        Index(None, "action", "occurred_at", "seq"),
        Index(None, "actor_kind", "occurred_at", "seq"),
        Index(None, "customer_id", "occurred_at", "seq"),
        Index(None, "staff_id", "occurred_at", "seq"),
        Index(None, "request_id"),
    )

    seq: Mapped[int] = technical(
        "position in the chain, without gaps", BigInteger, primary_key=True, autoincrement=False
    )
    segment: Mapped[str] = technical("the month of the segment, YYYY-MM", String(7))
    occurred_at: Mapped[datetime] = logged(UtcDateTime)
    action: Mapped[str] = logged(String(60))
    actor_kind: Mapped[str] = logged(String(20))
    # The number of an employee would tell two colleagues apart (C-579/21): customers learn the kind of actor only.
    actor_id: Mapped[int | None] = logged(BigInteger, withheld=Withheld.OTHER_PERSONS)
    customer_id: Mapped[int | None] = technical("row number of the customer it is about", BigInteger)
    staff_id: Mapped[int | None] = technical("row number of the employee who acted or is meant", BigInteger)
    details: Mapped[Any] = logged(JsonText)
    request_id: Mapped[str] = technical("ties the event to the log lines of its request", String(40))
    key_id: Mapped[str] = technical("which audit key made the mac", String(16))
    previous_mac: Mapped[bytes] = technical("the mac of the event before", LargeBinary(32))
    mac: Mapped[bytes] = technical("HMAC-SHA256 over the row and the mac before", LargeBinary(32))


class AuditSegment(Base):
    """A finished month of the log, signed. Its head lets the chain go on when retention drops the month as a whole."""

    __tablename__ = "audit_segment"
    __subject__ = no_subject("counts and keyed hashes of a whole month")

    segment: Mapped[str] = technical("the month, YYYY-MM", String(7), primary_key=True)
    last_seq: Mapped[int] = technical("last position of the month", BigInteger)
    head_mac: Mapped[bytes] = technical("the mac of that position", LargeBinary(32))
    sealed_at: Mapped[datetime] = technical("when the next month began", UtcDateTime)
    dropped_at: Mapped[datetime | None] = technical("when retention dropped the month", UtcDateTime)
    key_id: Mapped[str] = technical("which audit key made the mac", String(16))
    mac: Mapped[bytes] = technical("HMAC-SHA256 over the other columns", LargeBinary(32))


class AuditCheck(Base):
    """A verification of the whole log: the daily one, or one that an employee asked for. A job follows the chain in
    steps and notes in the row how far it has come, so that a long log holds up nothing else and a crash costs one step.
    """

    __tablename__ = "audit_check"
    __subject__ = subject("staff_id", role="staff")

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    staff_id: Mapped[int | None] = technical(
        "the employee who asked, which the log itself tells; empty for the daily one", BigId, ForeignKey("staff.id")
    )
    requested_at: Mapped[datetime] = technical("when it was asked for", UtcDateTime)
    running: Mapped[bool | None] = technical(
        "true until it is finished, then empty: one runs at a time", Boolean, unique=True
    )
    claimed_until: Mapped[datetime | None] = technical("until when one worker has the next step", UtcDateTime)
    reached_seq: Mapped[int] = technical("the position to which the chain is good", BigInteger)
    reached_mac: Mapped[bytes] = technical("the mac of that position", LargeBinary(32))
    rows: Mapped[int] = technical("how many events were read without fault", BigInteger)
    finished_at: Mapped[datetime | None] = technical("when it ended", UtcDateTime)
    bad_seq: Mapped[int | None] = technical("position of the first bad event", BigInteger)
    reason: Mapped[str | None] = technical("what is wrong with it", String(20))
