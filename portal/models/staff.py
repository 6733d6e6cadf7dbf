"""The company's employees who may use the restricted area, and what they open there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, UtcDateTime, personal, roles, subject, technical
from portal.rules.clock import helsinki_date
from portal.rules.register import Category, Erasure, Purpose, Retention, Withheld

SECURITY = Purpose.ACCOUNT_SECURITY


class Staff(Base):
    """One employee with a personal account (register notice §9). Separate from customers (SECURITY 29)."""

    __tablename__ = "staff"
    __subject__ = subject(role="staff")

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    email: Mapped[str] = personal(Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.KEEP_LOG, String(254))
    email_identity: Mapped[str] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.KEEP_LOG, String(254), unique=True
    )
    name: Mapped[str] = personal(Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.KEEP_LOG, String(200))
    role: Mapped[str] = personal(Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.KEEP_LOG, String(30))
    password_hash: Mapped[str | None] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.CLEAR, String(200), withheld=Withheld.SECRET
    )
    totp_seed: Mapped[str | None] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.CLEAR, Text, withheld=Withheld.SECRET
    )
    totp_last_step: Mapped[int] = technical("the last used time step; it cannot be used again", BigInteger, default=0)
    created_at: Mapped[datetime] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.KEEP_LOG, UtcDateTime
    )
    employment_ends_on: Mapped[date | None] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.KEEP_LOG, Date
    )
    disabled_at: Mapped[datetime | None] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.KEEP_LOG, UtcDateTime
    )
    language: Mapped[str | None] = personal(Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.KEEP_LOG, String(2))


def at_work(now: datetime) -> ColumnElement[bool]:
    """Whether an employee may use the account: it is not closed, and the employment is not over
    (`portal.rules.employment`)."""
    lasts = Staff.employment_ends_on.is_(None) | (Staff.employment_ends_on >= helsinki_date(now))
    return Staff.disabled_at.is_(None) & lasts


class StaffKnownDevice(Base):
    """A kind of browser in a network from which an employee gave the password: another one makes a mail."""

    __tablename__ = "staff_known_device"
    __subject__ = subject("staff_id", role="staff")

    staff_id: Mapped[int] = technical(
        "the employee", BigId, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True
    )
    device_hash: Mapped[bytes] = technical("keyed hash of device and network", LargeBinary(32), primary_key=True)
    last_used_at: Mapped[datetime] = personal(
        Category.STAFF, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, UtcDateTime
    )


class StaffInvitation(Base):
    """A one-time link with which an employee chooses a password and sets up the second factor.

    What is chosen on the way waits in the row, for the browser that chose it and no other: several people may have seen
    the link. It reaches the employee, and leaves the row, with the last step.
    """

    __tablename__ = "staff_invitation"
    __subject__ = subject("staff_id", role="staff")
    __table_args__ = (Index(None, "staff_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    staff_id: Mapped[int] = technical("the employee", BigId, ForeignKey("staff.id"))
    nonce: Mapped[bytes] = technical("makes the link unguessable", LargeBinary(16))
    totp_seed: Mapped[str | None] = personal(
        Category.STAFF, SECURITY, Retention.SECURITY_LOG, Erasure.CLEAR, Text, withheld=Withheld.SECRET
    )
    password_hash: Mapped[str | None] = personal(
        Category.STAFF, SECURITY, Retention.SECURITY_LOG, Erasure.CLEAR, String(200), withheld=Withheld.SECRET
    )
    created_at: Mapped[datetime] = personal(
        Category.STAFF, SECURITY, Retention.SECURITY_LOG, Erasure.KEEP_LOG, UtcDateTime
    )
    expires_at: Mapped[datetime] = technical("when the link ends", UtcDateTime)
    used_at: Mapped[datetime | None] = personal(
        Category.STAFF, SECURITY, Retention.SECURITY_LOG, Erasure.KEEP_LOG, UtcDateTime
    )
    name: Mapped[str | None] = personal(Category.STAFF, SECURITY, Retention.SECURITY_LOG, Erasure.CLEAR, String(200))
    choice_hash: Mapped[bytes | None] = technical(
        "SHA-256 of the random value in the cookie of the browser that chose", LargeBinary(32)
    )


class CustomerOpening(Base):
    """An employee opened a customer for a stated purpose. The page opens only while such a row is in force."""

    __tablename__ = "customer_opening"
    __subject__ = roles(customer="customer_id", staff="staff_id")
    __table_args__ = (
        Index(None, "staff_id", "customer_id", "opened_at"),
        Index(None, "customer_id", "opened_at"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    staff_id: Mapped[int] = technical("the employee", BigId, ForeignKey("staff.id"))
    purpose: Mapped[str] = personal(
        Category.SECURITY_LOG, Purpose.ACCOUNTABILITY, Retention.LEGAL_CLAIMS, Erasure.KEEP_LOG, String(30)
    )
    opened_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, Purpose.ACCOUNTABILITY, Retention.LEGAL_CLAIMS, Erasure.KEEP_LOG, UtcDateTime
    )
    expires_at: Mapped[datetime] = technical("when the purpose must be stated again", UtcDateTime)
    # The customer is told the role the employee looked in, which may change. Openings of before it was kept have none.
    role: Mapped[str | None] = personal(
        Category.SECURITY_LOG, Purpose.ACCOUNTABILITY, Retention.LEGAL_CLAIMS, Erasure.KEEP_LOG, String(30)
    )


class StaffSearch(Base):
    """A search term of an employee: it stays here, and the address of the result shows only a key (decision 12)."""

    __tablename__ = "staff_search"
    __subject__ = subject("staff_id", role="staff")
    __table_args__ = (Index(None, "created_at"),)

    key: Mapped[str] = technical("random key in the address", String(32), primary_key=True)
    staff_id: Mapped[int] = technical("the employee", BigId, ForeignKey("staff.id"))
    kind: Mapped[str] = technical("what is searched: customers or orders", String(20))
    term: Mapped[str] = personal(
        Category.SECURITY_LOG, Purpose.CUSTOMER_CARE, Retention.SHORT, Erasure.DELETE_ROW, String(200)
    )
    created_at: Mapped[datetime] = technical("when it was searched; decides when the row goes", UtcDateTime)
