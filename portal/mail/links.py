"""Links in mail: a token that is made anew whenever it is needed, below the configured base URL alone (SECURITY 17)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from enum import StrEnum

from flask import current_app

from portal.rules import tokens
from portal.rules.consents import MARKETING, Channel, Kind


class LinkPurpose(StrEnum):
    """What a mailed link is for. The value is the first part of its path and is covered by the token's HMAC."""

    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105 (the name of a purpose is no password)
    CONFIRM_EMAIL = "confirm-email"
    CANCEL_EMAIL = "cancel-email"
    UNSUBSCRIBE = "unsubscribe"


# How long a link works, counted from the making of its row. The link that ends a consent works for good.
LIFE = {
    LinkPurpose.VERIFY_EMAIL: timedelta(hours=24),
    LinkPurpose.RESET_PASSWORD: timedelta(hours=1),
    LinkPurpose.CONFIRM_EMAIL: timedelta(hours=24),
    LinkPurpose.CANCEL_EMAIL: timedelta(days=7),
}


def link(purpose: LinkPurpose, row_id: int, nonce: bytes) -> str:
    """The absolute address that a mail carries for a row."""
    return page(f"{purpose}/{tokens.make(token_keys(), purpose, row_id, nonce)}")


def unsubscribe_link(customer_id: int, customer_uuid: uuid.UUID, kind: Kind = MARKETING[Channel.EMAIL]) -> str:
    """The address by which a customer takes back a consent, without logging in: that to direct marketing by e-mail, as
    every such mail carries it (RFC 8058), or another kind of `BY_LINK`."""
    return link(LinkPurpose.UNSUBSCRIBE, customer_id, unsubscribe_nonce(customer_uuid, kind))


def unsubscribe_nonce(customer_uuid: uuid.UUID, kind: Kind) -> bytes:
    """What binds a link to the customer and to one kind of choice: a link to end one ends no other."""
    about = b"" if kind.channel is Channel.EMAIL else kind.code.encode()
    return customer_uuid.bytes + about


def page(path: str) -> str:
    """The absolute address of a page of the portal; `path` has no slash in front."""
    return f"{current_app.config['PORTAL_BASE_URL']}/{path}"


def token_keys() -> tuple[bytes, ...]:
    """The keys of tokens: the first signs, all of them verify (SECURITY 67)."""
    keys: tuple[bytes, ...] = current_app.extensions["portal.keys"].tokens
    return keys
