"""Telling the customer that something about a request waits in the portal: a mail without data, or nothing by mail.

Whoever has no account gets everything on paper; the page of the step then says what to print and post.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from portal.mail import access_requests
from portal.mail import requests as mail
from portal.mail.recipients import Recipient
from portal.models.account import Account
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.context import Context
from portal.services.requests.request_openings import Head


def letter_sent(context: Context, head: Head, letter_id: int) -> bool:
    """Tell about a letter. False for a customer without an account: the letter is printed and posted."""
    recipient = _reader(head)
    if recipient is not None:
        mail.letter(context, recipient, letter_id)
    return recipient is not None


def note_sent(context: Context, head: Head, note_id: int) -> bool:
    """Tell about a message of ours. False for a customer without an account."""
    recipient = _reader(head)
    if recipient is not None:
        mail.note(context, recipient, note_id)
    return recipient is not None


def withdrawn(context: Context, request: Row[Any]) -> None:
    """Confirm that a request was withdrawn, to whatever address is known: the mail holds no data."""
    address = addresses(request.customer_id)
    email = address.proven or address.known
    if email is not None:
        access_requests.access_request_withdrawn(
            context, Recipient(request.customer_id, email, request.language), request.id
        )


def addresses(customer_id: int) -> Row[Any]:
    """The address of the customer's account, which is `proven`, and the one the register knows; each may be missing."""
    columns = (Account.email.label("proven"), Customer.email.label("known"))
    found: Any = select(*columns).select_from(Customer).outerjoin(Account, Account.customer_id == Customer.id)
    row: Row[Any] = connection().execute(found.where(Customer.id == customer_id)).one()
    return row


def is_reader(head: Head) -> bool:
    """Whether the customer has an account in which to read what we write."""
    return _reader(head) is not None


def _reader(head: Head) -> Recipient | None:
    """The customer, where there is an account in which to read."""
    own = (Account.customer_id == head.customer_id, Account.disabled_at.is_(None))
    email = connection().execute(select(Account.email).where(*own)).scalar()
    return Recipient(head.customer_id, email, head.language) if email else None
