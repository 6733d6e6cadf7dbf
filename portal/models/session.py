"""Server-side sessions, one table for customers and one for staff (SECURITY 18, 29), and the throttle's counters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, UtcDateTime, personal, subject, technical, unlinked
from portal.rules.register import Category, Erasure, Origin, Purpose, Retention, Withheld

SECURITY = Purpose.ACCOUNT_SECURITY


class RememberedDevice(Base):
    """A browser in which a customer stays logged in for a month (SECURITY 21): one row for each family of values.

    The cookie holds a name that stays and a secret that changes at each use; this row holds the hash of the name, of
    the secret in use and of the one just before it.
    """

    __tablename__ = "remembered_device"
    __subject__ = subject("account_id.customer_id")
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    name_hash: Mapped[bytes] = technical("SHA-256 of the random name in the cookie", LargeBinary(32), unique=True)
    secret_hash: Mapped[bytes] = technical("SHA-256 of the secret in the cookie", LargeBinary(32))
    previous_hash: Mapped[bytes | None] = technical("SHA-256 of the secret before it", LargeBinary(32))
    rotated_at: Mapped[datetime] = technical("when the secret in use was made", UtcDateTime)
    account_id: Mapped[int] = technical("the account", BigId, ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, UtcDateTime
    )
    last_used_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, UtcDateTime
    )
    address: Mapped[str] = personal(Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, String(50))
    device: Mapped[str] = personal(Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, String(100))


class CustomerSession(Base):
    """One browser in which a customer is logged in. The cookie holds a random id, this row its hash.

    `authenticated_at` is empty in a session that a remembered browser began, until the customer gives the password.
    """

    __tablename__ = "customer_session"
    __subject__ = subject("account_id.customer_id")
    __table_args__ = (Index(None, "account_id"), Index(None, "remembered_device_id"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    token_hash: Mapped[bytes] = technical("SHA-256 of the random id in the cookie", LargeBinary(32), unique=True)
    account_id: Mapped[int] = technical("the account", BigId, ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, UtcDateTime
    )
    last_seen_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, UtcDateTime
    )
    authenticated_at: Mapped[datetime | None] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, UtcDateTime
    )
    address: Mapped[str] = personal(Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, String(50))
    device: Mapped[str] = personal(Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, String(100))
    remembered_device_id: Mapped[int | None] = technical(
        "the remembered browser, with which the session ends",
        BigId,
        ForeignKey("remembered_device.id", ondelete="CASCADE"),
    )


class StaffSession(Base):
    """One browser in which an employee is logged in. Until `second_factor_at` is set no admin page opens."""

    __tablename__ = "staff_session"
    __subject__ = subject("staff_id", role="staff")
    __table_args__ = (Index(None, "staff_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    token_hash: Mapped[bytes] = technical("SHA-256 of the random id in the cookie", LargeBinary(32), unique=True)
    staff_id: Mapped[int] = technical("the employee", BigId, ForeignKey("staff.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, UtcDateTime
    )
    last_seen_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, UtcDateTime
    )
    authenticated_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, UtcDateTime
    )
    second_factor_at: Mapped[datetime | None] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, UtcDateTime
    )
    address: Mapped[str] = personal(Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, String(50))
    device: Mapped[str] = personal(Category.SECURITY_LOG, SECURITY, Retention.SESSION, Erasure.DELETE_ROW, String(100))


class ThrottleCounter(Base):
    """Attempts of one kind by one key since the window began (SECURITY 10–12). The key is a keyed hash."""

    __tablename__ = "throttle_counter"
    __subject__ = unlinked("keys are keyed hashes of what was typed, unknown names included, kept for two days")

    bucket: Mapped[str] = technical("which limit is counted", String(30), primary_key=True)
    # A keyed hash of the identifier or address: pseudonymous, like that of a known device.
    key_hash: Mapped[bytes] = personal(
        Category.SECURITY_LOG,
        SECURITY,
        Retention.SHORT,
        Erasure.DELETE_ROW,
        LargeBinary(32),
        primary_key=True,
        withheld=Withheld.UNLINKED,
        origin=Origin.DERIVED,
    )
    window_started_at: Mapped[datetime] = technical("when the counting began", UtcDateTime)
    attempts: Mapped[int] = technical("attempts since then", Integer)
