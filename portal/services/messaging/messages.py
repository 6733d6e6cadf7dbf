"""The messages that were sent to a customer, for the customer to read again. Every query is scoped by their owner."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.models.database import connection
from portal.models.message import Message
from portal.models.register import records_of
from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.services.foundation import two_way_pages
from portal.services.foundation.two_way_pages import TwoWayPage

PAGE_SIZE = 20
_OWN = Message.customer_id.in_(records_of(bindparam("customer_id")))
# The time that the list shows: when it went out, or, of one that waits, when it was written.
SHOWN_AT = func.coalesce(Message.sent_at, Message.created_at).label("shown_at")
_LISTED = select(
    Message.id,
    Message.uuid,
    Message.kind,
    Message.language,
    Message.subject,
    Message.status,
    SHOWN_AT,
).where(_OWN)
_DETAIL = select(
    Message.uuid,
    Message.kind,
    Message.recipient,
    Message.language,
    Message.status,
    Message.created_at,
    Message.sent_at,
    Message.subject,
    Message.body,
    Message.html,
).where(_OWN, Message.uuid == bindparam("uuid"))


def listing(context: Context, customer_id: int, *, after: str | None = None, before: str | None = None) -> TwoWayPage:
    """A page of the customer's messages. `after` is a cursor to what is older, `before` to what is newer.

    Raises `ValueError` for both at once and for a cursor that is malformed or of another list (decision 12).
    """
    place, named = (SHOWN_AT, Message.id), {"customer": customer_id, "list": "messages"}
    own = {"customer_id": customer_id}
    found = two_way_pages.read(_LISTED, place, PAGE_SIZE, named, after=after, before=before, values=own)
    if (after or before) and not found.rows:
        # What the cursor pointed past is gone: the list begins again.
        return listing(context, customer_id)
    return found


def detail(context: Context, customer_id: int, message: uuid.UUID) -> Any:
    """The customer's message of that name. Raises `NotFound` for a missing one and for somebody else's."""
    row = connection().execute(_DETAIL, {"customer_id": customer_id, "uuid": message}).first()
    if row is None:
        raise NotFound
    return row
