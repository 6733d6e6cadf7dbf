"""Accounts as the journeys of logging in read them: by identity, by number, and the person behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from portal.mail.recipients import Recipient
from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.context import Context
from portal.rules.email_identity import email_or_none
from portal.rules.names import fold

LONGEST_IDENTIFIER = 254
# The number of no row.
NOBODY = 0


@dataclass(frozen=True)
class KnownAccount:
    """An account with what the journeys need of its customer."""

    id: int
    customer_id: int
    email: str
    email_identity: str
    user_name: str | None
    user_name_since: datetime | None
    password_hash: str
    password_changed_at: datetime
    last_login_at: datetime | None
    disabled_at: datetime | None
    first_name: str
    last_name: str
    company: str | None
    phone: str | None
    language: str

    @property
    def recipient(self) -> Recipient:
        """Where mail about the account goes."""
        return Recipient(self.customer_id, self.email, self.language)

    @property
    def own_words(self) -> tuple[str, ...]:
        """What a password of this person must not be built on (SECURITY 4)."""
        words = (self.first_name, self.last_name, self.email, self.user_name, self.phone, self.company)
        return tuple(word for word in words if word)


_ACCOUNT = select(
    Account.id,
    Account.customer_id,
    Account.email,
    Account.email_identity,
    Account.user_name,
    Account.user_name_since,
    Account.password_hash,
    Account.password_changed_at,
    Account.last_login_at,
    Account.disabled_at,
    Customer.first_name,
    Customer.last_name,
    Customer.company,
    Customer.phone,
    Customer.language,
).join(Customer, Account.customer_id == Customer.id)


def identifier(typed: str) -> str:
    """The normal form of what was typed to log in: an e-mail identity or a folded user name.

    Whatever cannot be either still has a form, so that the throttle counts unknown names as well (SECURITY 10).
    """
    address = email_or_none(typed[: LONGEST_IDENTIFIER + 1]) if "@" in typed else None
    return address.identity if address else fold(typed[:LONGEST_IDENTIFIER])


def version_since(moment: datetime | None) -> int:
    """A form's version for something that is on since this moment: 0 while it is off. A version has nine digits at
    most."""
    return int(moment.timestamp()) % 10**9 if moment else 0


def find(context: Context, normal: str) -> KnownAccount | None:
    """The account of an identifier in normal form: an e-mail identity has an ``@``, a user name never."""
    column = Account.email_identity if "@" in normal else Account.user_name_identity
    return _one(column == normal)


def get(context: Context, account_id: int) -> KnownAccount:
    """The account of a row number that is known to exist."""
    found = _one(Account.id == account_id)
    if found is None:
        raise LookupError(account_id)
    return found


def lock(context: Context, account_id: int) -> KnownAccount | None:
    """The account as it is now, locked until the end of the transaction; None when it is gone.

    Whatever changes an account and what hangs on it (a link, a change of address, a remembered browser, a session)
    locks the account first, so that two of them wait for each other in one order (SECURITY R12).
    """
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    return _one(Account.id == account_id)


def of_customer(context: Context, customer_id: int) -> KnownAccount | None:
    """The account of a customer, if there is one."""
    return _one(Account.customer_id == customer_id)


def _one(condition: ColumnElement[bool]) -> KnownAccount | None:
    row = connection().execute(_ACCOUNT.where(condition)).first()
    return KnownAccount(**row._asdict()) if row else None
