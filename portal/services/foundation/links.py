"""Mailed links: what a token proves, and the end of those that are worth nothing any more (SECURITY 13, 14)."""

from __future__ import annotations

import secrets

from sqlalchemy import select, update

from portal.mail.links import LIFE, LinkPurpose, token_keys
from portal.models.account import Account, EmailChange, PasswordReset, Registration
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules import tokens
from portal.rules.clock import DRIFT
from portal.rules.context import Context
from portal.rules.errors import PortalError

__all__ = ["LinkEnded", "LinkPurpose", "end_resets", "follow", "language_of", "new_nonce", "readable"]

_TABLES: dict[LinkPurpose, type[Registration] | type[PasswordReset] | type[EmailChange]] = {
    LinkPurpose.VERIFY_EMAIL: Registration,
    LinkPurpose.RESET_PASSWORD: PasswordReset,
    LinkPurpose.CONFIRM_EMAIL: EmailChange,
    LinkPurpose.CANCEL_EMAIL: EmailChange,
}


class LinkEnded(PortalError):
    """The link was used, is too old, or was ended by a newer one or by a log-in."""


def new_nonce() -> bytes:
    """What makes a row's links unguessable: 128 random bits."""
    return secrets.token_bytes(16)


def readable(token: str) -> bool:
    """Whether a text has the form of a token at all; nothing is proven by it."""
    try:
        tokens.read(token)
    except ValueError:
        return False
    return True


def follow(context: Context, purpose: LinkPurpose, token: str | None) -> int:
    """The row a link leads to. Reading uses nothing up: only the POST that follows does.

    Raises `LinkEnded` for a token that is unreadable, forged, of another purpose or too old. What the row itself says
    (used, ended) is for the service that acts on it.
    """
    if token is None or not readable(token):
        raise LinkEnded
    claim, table = tokens.read(token), _TABLES[purpose]
    row = connection().execute(select(table.nonce, table.created_at).where(table.id == claim.row_id)).first()
    proven = tokens.matches(token_keys(), claim, purpose, row.nonce if row else b"")
    if row is None or not proven:
        raise LinkEnded
    age = context.now - row.created_at
    if not -DRIFT <= age < LIFE[purpose]:
        raise LinkEnded
    return claim.row_id


def language_of(context: Context, purpose: LinkPurpose, token: str) -> str | None:
    """The language of the person a valid link was mailed to, so that the page speaks it too."""
    try:
        row_id = follow(context, purpose, token)
    except LinkEnded:
        return None
    if purpose is LinkPurpose.VERIFY_EMAIL:
        return connection().execute(select(Registration.language).where(Registration.id == row_id)).scalar()
    table = PasswordReset if purpose is LinkPurpose.RESET_PASSWORD else EmailChange
    owner = select(Customer.language).join_from(table, Account, table.account_id == Account.id)
    return connection().execute(owner.join(Customer).where(table.id == row_id)).scalar()


def end_resets(context: Context, account_id: int) -> None:
    """End every link to a new password: after a log-in, a change of password or e-mail, or a newer link."""
    db.session.execute(
        update(PasswordReset)
        .where(PasswordReset.account_id == account_id, PasswordReset.ended_at.is_(None))
        .values(ended_at=context.now)
    )
