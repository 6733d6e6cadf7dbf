"""Accounts: what a customer logs in with, and what waits for a confirmation by mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, MappedColumn

from portal.models.base import Base, BigId, UtcDateTime, personal, subject, technical, unlinked
from portal.rules.register import Category, Erasure, Origin, Purpose, Retention, Withheld

SECURITY = Purpose.ACCOUNT_SECURITY


class Account(Base):
    """The account of one customer. The e-mail identity is unique here, not among customers (decision 5)."""

    __tablename__ = "account"
    __subject__ = subject("customer_id")

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"), unique=True)
    email: Mapped[str] = personal(Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, String(254))
    email_identity: Mapped[str] = personal(
        Category.ACCOUNT,
        SECURITY,
        Retention.ACCOUNT,
        Erasure.DELETE_ROW,
        String(254),
        unique=True,
        origin=Origin.DERIVED,
    )
    user_name: Mapped[str | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, String(60)
    )
    user_name_identity: Mapped[str | None] = personal(
        Category.ACCOUNT,
        SECURITY,
        Retention.ACCOUNT,
        Erasure.DELETE_ROW,
        String(60),
        unique=True,
        origin=Origin.DERIVED,
    )
    password_hash: Mapped[str] = personal(
        Category.ACCOUNT,
        SECURITY,
        Retention.ACCOUNT,
        Erasure.DELETE_ROW,
        String(200),
        withheld=Withheld.SECRET,
    )
    password_changed_at: Mapped[datetime] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )
    created_at: Mapped[datetime] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )
    last_login_at: Mapped[datetime | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )
    disabled_at: Mapped[datetime | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.DERIVED
    )
    totp_seed: Mapped[str | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, Text, withheld=Withheld.SECRET
    )
    totp_pending: Mapped[str | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, Text, withheld=Withheld.SECRET
    )
    totp_last_step: Mapped[int | None] = technical("the last used time step; it cannot be used again", BigInteger)
    totp_since: Mapped[datetime | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )
    closing_at: Mapped[datetime | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.PROVIDED
    )
    user_name_since: Mapped[datetime | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )
    # A code of `DisablingReason`; no words of an employee.
    disabled_reason: Mapped[str | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, String(20), origin=Origin.DERIVED
    )
    # When customer service was asked to remove the second factor; empty again when it is removed or stays.
    factor_removal_at: Mapped[datetime | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )


def signing_up(category: Category, *args: Any, **options: Any) -> MappedColumn[Any]:
    """A column of what somebody typed at sign-up. It is withheld: nothing tells whose it is before the confirmation."""
    return personal(
        category, SECURITY, Retention.SHORT, Erasure.DELETE_ROW, *args, withheld=Withheld.UNLINKED, **options
    )


class Registration(Base):
    """What somebody typed at sign-up. It touches no customer before the address is confirmed (decision 5)."""

    __tablename__ = "registration"
    __subject__ = unlinked("nobody is known to stand behind it before the confirmation; the row lives for days")
    __table_args__ = (Index(None, "email_identity"), Index(None, "expires_at"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    # A keyed hash of the address and the details, so that the same form sent twice is one registration.
    fingerprint: Mapped[bytes] = signing_up(Category.IDENTITY, LargeBinary(32), unique=True, origin=Origin.DERIVED)
    nonce: Mapped[bytes] = technical("makes the mailed link unguessable", LargeBinary(16))
    email: Mapped[str] = signing_up(Category.CONTACT, String(254))
    email_identity: Mapped[str] = signing_up(Category.CONTACT, String(254))
    password_hash: Mapped[str] = signing_up(Category.ACCOUNT, String(200))
    first_name: Mapped[str] = signing_up(Category.IDENTITY, String(100))
    last_name: Mapped[str] = signing_up(Category.IDENTITY, String(100))
    company: Mapped[str | None] = signing_up(Category.COMPANY, String(200))
    business_id: Mapped[str | None] = signing_up(Category.COMPANY, String(20))
    phone: Mapped[str] = signing_up(Category.CONTACT, String(40))
    street: Mapped[str] = signing_up(Category.CONTACT, String(200))
    postal_code: Mapped[str] = signing_up(Category.CONTACT, String(20))
    city: Mapped[str] = signing_up(Category.CONTACT, String(100))
    country: Mapped[str] = signing_up(Category.CONTACT, String(2))
    language: Mapped[str] = signing_up(Category.CONTACT, String(2))
    created_at: Mapped[datetime] = technical("when the link was made", UtcDateTime)
    expires_at: Mapped[datetime] = technical("when the link ends", UtcDateTime)
    mailed_at: Mapped[datetime | None] = technical("when the link was last mailed", UtcDateTime)


class KnownDevice(Base):
    """A kind of browser in a network from which the account was used: another one makes the owner a mail."""

    __tablename__ = "known_device"
    __subject__ = subject("account_id.customer_id")

    account_id: Mapped[int] = technical(
        "the account", BigId, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    # A keyed hash of device and network: pseudonymous, for who has the key can try out what it was made of.
    device_hash: Mapped[bytes] = personal(
        Category.SECURITY_LOG,
        SECURITY,
        Retention.SECURITY_LOG,
        Erasure.DELETE_ROW,
        LargeBinary(32),
        primary_key=True,
        withheld=Withheld.SECURITY,
        origin=Origin.DERIVED,
    )
    last_used_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, UtcDateTime
    )


class EmailChange(Base):
    """A change of the log-in address that waits for a confirmation at the new address (SECURITY 25)."""

    __tablename__ = "email_change"
    __subject__ = subject("account_id.customer_id")
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    account_id: Mapped[int] = technical("the account", BigId, ForeignKey("account.id", ondelete="CASCADE"))
    nonce: Mapped[bytes] = technical("makes the mailed links unguessable", LargeBinary(16))
    old_email: Mapped[str] = personal(
        Category.CONTACT, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, String(254)
    )
    new_email: Mapped[str] = personal(
        Category.CONTACT, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, String(254)
    )
    new_identity: Mapped[str] = personal(
        Category.CONTACT, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, String(254), origin=Origin.DERIVED
    )
    created_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, UtcDateTime
    )
    expires_at: Mapped[datetime] = technical("when the link ends", UtcDateTime)
    confirmed_at: Mapped[datetime | None] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, UtcDateTime
    )
    cancelled_at: Mapped[datetime | None] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, UtcDateTime
    )


class PasswordReset(Base):
    """A link to choose a new password: one hour, once (SECURITY 13)."""

    __tablename__ = "password_reset"
    __subject__ = subject("account_id.customer_id")
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    account_id: Mapped[int] = technical("the account", BigId, ForeignKey("account.id", ondelete="CASCADE"))
    nonce: Mapped[bytes] = technical("makes the mailed link unguessable", LargeBinary(16))
    created_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, UtcDateTime
    )
    expires_at: Mapped[datetime] = technical("when the link ends", UtcDateTime)
    ended_at: Mapped[datetime | None] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SECURITY_LOG, Erasure.DELETE_ROW, UtcDateTime
    )
