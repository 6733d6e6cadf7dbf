"""The link that takes back a consent: whose it is and which, without any log-in (RFC 8058)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.mail.links import LinkPurpose, token_keys, unsubscribe_nonce
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules import tokens
from portal.rules.consents import BY_LINK, Action, Kind
from portal.rules.context import Context
from portal.services.choices import consents
from portal.services.foundation import links
from portal.services.foundation.links import LinkEnded


@dataclass(frozen=True)
class Reader:
    """The customer a link was mailed to: the row number, the language of the page, what the link ends, and whether that
    has ended already."""

    customer_id: int
    language: str
    kind: Kind
    ended: bool


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
            return Reader(claim.row_id, row.language, kind, _has_ended(claim.row_id, kind))
    raise LinkEnded


def _has_ended(customer_id: int, kind: Kind) -> bool:
    """Whether the last word about a kind was a refusal; silence is none, for the link may still add one."""
    owner = connection().execute(select(consents.owner_of(customer_id))).scalar_one()
    latest = connection().execute(select(consents.latest_action(kind.code, owner))).scalar()
    return latest in (Action.WITHDRAWN, Action.FORBIDDEN)
