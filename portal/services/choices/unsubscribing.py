"""The link that takes back a consent: whose it is and which, without any log-in (RFC 8058)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.mail.links import LinkPurpose, token_keys, unsubscribe_nonce
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules import tokens
from portal.rules.consents import BY_LINK, Kind
from portal.rules.context import Context
from portal.services.foundation import links
from portal.services.foundation.links import LinkEnded


@dataclass(frozen=True)
class Reader:
    """The customer a link was mailed to: the row number, the language of the page, and what the link ends."""

    customer_id: int
    language: str
    kind: Kind


def reader_of(context: Context, token: str) -> Reader:
    """Whom a link was mailed to. It works for good, for nobody may be kept from ending a consent by an old mail.

    Raises `LinkEnded` for a token that is unreadable, forged or of another purpose.
    """
    if not links.readable(token):
        raise LinkEnded
    claim = tokens.read(token)
    row = connection().execute(select(Customer.uuid, Customer.language).where(Customer.id == claim.row_id)).first()
    if row is None:
        raise LinkEnded
    for kind in BY_LINK.values():
        if tokens.matches(token_keys(), claim, LinkPurpose.UNSUBSCRIBE, unsubscribe_nonce(row.uuid, kind)):
            return Reader(claim.row_id, row.language, kind)
    raise LinkEnded
