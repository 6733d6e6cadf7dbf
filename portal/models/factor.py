"""What proves a person beside the password: recovery codes, passkeys, and the step between the factors of a log-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, MappedColumn

from portal.models.base import Base, BigId, UtcDateTime, personal, subject, technical, unlinked
from portal.rules.register import Category, Erasure, Origin, Purpose, Retention, Withheld

SECURITY = Purpose.ACCOUNT_SECURITY
PEPPER = "the pepper of the keyed hash; empty in codes from before it was kept"


def secret_hash(category: Category, retention: Retention) -> MappedColumn[Any]:
    """A keyed hash of what only the person knows: pseudonymous, and a secret."""
    return personal(
        category,
        SECURITY,
        retention,
        Erasure.DELETE_ROW,
        LargeBinary(32),
        withheld=Withheld.SECRET,
        origin=Origin.DERIVED,
    )


class LoginStep(Base):
    """A customer gave the right password and not yet the second factor. It opens nothing but that question."""

    __tablename__ = "login_step"
    __subject__ = subject("account_id.customer_id")
    __table_args__ = (Index(None, "account_id"), Index(None, "created_at"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    token_hash: Mapped[bytes] = technical("SHA-256 of the random id in the browser", LargeBinary(32), unique=True)
    account_id: Mapped[int] = technical("the account", BigId, ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = personal(
        Category.SECURITY_LOG, SECURITY, Retention.SHORT, Erasure.DELETE_ROW, UtcDateTime
    )


class RecoveryCode(Base):
    """A word on paper that stands in for a customer's second factor, once."""

    __tablename__ = "recovery_code"
    __subject__ = subject("account_id.customer_id")
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    account_id: Mapped[int] = technical("the account", BigId, ForeignKey("account.id", ondelete="CASCADE"))
    # Keyed hashes of the code, and of the form that asked for the codes.
    code_hash: Mapped[bytes] = secret_hash(Category.ACCOUNT, Retention.ACCOUNT)
    batch: Mapped[bytes] = secret_hash(Category.ACCOUNT, Retention.ACCOUNT)
    created_at: Mapped[datetime] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )
    used_at: Mapped[datetime | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )
    pepper_id: Mapped[str | None] = technical(PEPPER, String(8), nullable=True)


class StaffRecoveryCode(Base):
    """A word on paper that stands in for an employee's second factor, once."""

    __tablename__ = "staff_recovery_code"
    __subject__ = subject("staff_id", role="staff")
    __table_args__ = (Index(None, "staff_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    staff_id: Mapped[int] = technical("the employee", BigId, ForeignKey("staff.id", ondelete="CASCADE"))
    # Keyed hashes of the code, and of the form that asked for the codes.
    code_hash: Mapped[bytes] = secret_hash(Category.STAFF, Retention.EMPLOYMENT)
    batch: Mapped[bytes] = secret_hash(Category.STAFF, Retention.EMPLOYMENT)
    created_at: Mapped[datetime] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.DELETE_ROW, UtcDateTime
    )
    used_at: Mapped[datetime | None] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.DELETE_ROW, UtcDateTime
    )
    pepper_id: Mapped[str | None] = technical(PEPPER, String(8), nullable=True)


class Passkey(Base):
    """A device or password manager that proves a customer with a key of its own. The private half never leaves it."""

    __tablename__ = "passkey"
    __subject__ = subject("account_id.customer_id")
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    account_id: Mapped[int] = technical("the account", BigId, ForeignKey("account.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = technical("by which the device knows its key", LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = technical("checks what the device signs", LargeBinary(2000))
    sign_count: Mapped[int] = technical("how often the device says it has signed", BigInteger)
    name: Mapped[str] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, String(60), origin=Origin.PROVIDED
    )
    created_at: Mapped[datetime] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )
    last_used_at: Mapped[datetime | None] = personal(
        Category.ACCOUNT, SECURITY, Retention.ACCOUNT, Erasure.DELETE_ROW, UtcDateTime, origin=Origin.OBSERVED
    )


class StaffPasskey(Base):
    """A device or password manager that proves an employee as the second factor."""

    __tablename__ = "staff_passkey"
    __subject__ = subject("staff_id", role="staff")
    __table_args__ = (Index(None, "staff_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    staff_id: Mapped[int] = technical("the employee", BigId, ForeignKey("staff.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = technical("by which the device knows its key", LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = technical("checks what the device signs", LargeBinary(2000))
    sign_count: Mapped[int] = technical("how often the device says it has signed", BigInteger)
    name: Mapped[str] = personal(Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.DELETE_ROW, String(60))
    created_at: Mapped[datetime] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.DELETE_ROW, UtcDateTime
    )
    last_used_at: Mapped[datetime | None] = personal(
        Category.STAFF, SECURITY, Retention.EMPLOYMENT, Erasure.DELETE_ROW, UtcDateTime
    )


class PasskeyChallenge(Base):
    """A random number that a passkey is to sign: for one browser session, once, for five minutes (SECURITY 27)."""

    __tablename__ = "passkey_challenge"
    __subject__ = unlinked("a keyed hash of a browser session, which lives for five minutes")
    __table_args__ = (Index(None, "created_at"),)

    # A keyed hash of the session that asked, and what for.
    binding: Mapped[bytes] = personal(
        Category.SECURITY_LOG,
        SECURITY,
        Retention.SHORT,
        Erasure.DELETE_ROW,
        LargeBinary(32),
        primary_key=True,
        withheld=Withheld.UNLINKED,
        origin=Origin.DERIVED,
    )
    challenge: Mapped[bytes] = technical("the random number", LargeBinary(32))
    created_at: Mapped[datetime] = technical("when it was made; it ends five minutes later", UtcDateTime)
