"""The messages that were sent to a customer, for the customer to read again. Every query is scoped by their owner."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, tuple_

from portal.models.database import connection
from portal.models.message import Message
from portal.models.register import records_of
from portal.rules import cursors
from portal.rules.context import Context
from portal.rules.errors import NotFound

PAGE_SIZE = 20
_OWN = Message.customer_id.in_(records_of(bindparam("customer_id")))
# The time that the list shows: when it went out, or, of one that waits, when it was written.
SHOWN_AT = func.coalesce(Message.sent_at, Message.created_at)
_LISTED = select(
    Message.id,
    Message.uuid,
    Message.kind,
    Message.language,
    Message.subject,
    Message.status,
    SHOWN_AT.label("shown_at"),
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


@dataclass(frozen=True)
class MessagePage:
    """One page, newest first, with the cursors to its neighbours, None where the list ends."""

    rows: Sequence[Any]
    newer: str | None = None
    older: str | None = None


def listing(context: Context, customer_id: int, *, after: str | None = None, before: str | None = None) -> MessagePage:
    """A page of the customer's messages. `after` is a cursor to what is older, `before` to what is newer.

    Raises `ValueError` for both at once and for a cursor that is malformed or of another list (decision 12).
    """
    if after and before:
        raise ValueError("one direction at a time")
    digest = cursors.filter_digest({"customer": customer_id, "list": "messages"})
    cursor = cursors.decode(after or before or "", digest) if after or before else None
    place, statement = tuple_(SHOWN_AT, Message.id), _LISTED
    if before and cursor:
        statement = statement.where(place > (cursor.time, cursor.row_id)).order_by(SHOWN_AT, Message.id)
    else:
        statement = statement.order_by(SHOWN_AT.desc(), Message.id.desc())
        if cursor:
            statement = statement.where(place < (cursor.time, cursor.row_id))
    found = connection().execute(statement.limit(PAGE_SIZE + 1), {"customer_id": customer_id}).all()
    if cursor and not found:
        # What the cursor pointed past is gone: the list begins again.
        return listing(context, customer_id)
    more, rows = len(found) > PAGE_SIZE, list(found[:PAGE_SIZE])
    if before:
        rows.reverse()
    has_newer, has_older = (more, True) if before else (bool(after), more)
    return MessagePage(
        rows,
        cursors.encode(rows[0].shown_at, rows[0].id, digest) if has_newer else None,
        cursors.encode(rows[-1].shown_at, rows[-1].id, digest) if has_older else None,
    )


def detail(context: Context, customer_id: int, message: uuid.UUID) -> Any:
    """The customer's message of that name. Raises `NotFound` for a missing one and for somebody else's."""
    row = connection().execute(_DETAIL, {"customer_id": customer_id, "uuid": message}).first()
    if row is None:
        raise NotFound
    return row
