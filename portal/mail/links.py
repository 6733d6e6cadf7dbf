"""Links in mail: a token that is made anew whenever it is needed, below the configured base URL alone (SECURITY 17)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from enum import StrEnum

from flask import current_app

from portal.rules import tokens


class LinkPurpose(StrEnum):
    """What a mailed link is for. The value is the first part of its path and is covered by the token's HMAC."""

    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105 (the name of a purpose is no password)
    CONFIRM_EMAIL = "confirm-email"
    CANCEL_EMAIL = "cancel-email"
    UNSUBSCRIBE = "unsubscribe"


# How long a link works, counted from the making of its row. The link that ends marketing works for good.
LIFE = {
    LinkPurpose.VERIFY_EMAIL: timedelta(hours=24),
    LinkPurpose.RESET_PASSWORD: timedelta(hours=1),
    LinkPurpose.CONFIRM_EMAIL: timedelta(hours=24),
    LinkPurpose.CANCEL_EMAIL: timedelta(days=7),
}


def link(purpose: LinkPurpose, row_id: int, nonce: bytes) -> str:
    """The absolute address that a mail carries for a row."""
    return page(f"{purpose}/{tokens.make(token_keys(), purpose, row_id, nonce)}")


def unsubscribe_link(customer_id: int, customer_uuid: uuid.UUID) -> str:
    """The address by which a customer ends direct marketing by e-mail without logging in (RFC 8058)."""
    return link(LinkPurpose.UNSUBSCRIBE, customer_id, customer_uuid.bytes)


def page(path: str) -> str:
    """The absolute address of a page of the portal; `path` has no slash in front."""
    return f"{current_app.config['PORTAL_BASE_URL']}/{path}"


def token_keys() -> tuple[bytes, ...]:
    """The keys of tokens: the first signs, all of them verify (SECURITY 67)."""
    keys: tuple[bytes, ...] = current_app.extensions["portal.keys"].tokens
    return keys
