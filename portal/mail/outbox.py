"""Writing the row of a message. Who renders and sends it reads the row; no link or name is stored in it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import g
from sqlalchemy import Boolean, insert, literal, select

from portal.mail.recipients import Recipient
from portal.models.base import db
from portal.models.message import Message
from portal.rules.clock import DRIFT
from portal.rules.context import Context


def queue(
    context: Context,
    kind: str,
    *,
    recipient: str,
    language: str,
    customer_id: int | None = None,
    staff_id: int | None = None,
    **params: int | str | None,
) -> None:
    """Write one message. `kind` names its folder in `templates/mail`; `params` are row numbers and codes."""
    row = _row(context, kind, recipient, language, params)
    db.session.execute(insert(Message).values(**row, customer_id=customer_id, staff_id=staff_id))
    wake()


def queue_or_not(context: Context, kind: str, owner: Recipient | None, **params: int | str | None) -> None:
    """Write one message to a customer, or, for nobody, send the database the same statement, which then writes none.
    Where a mail must not show by the time an answer takes, this keeps the work alike (SECURITY 8)."""
    to = owner or Recipient(0, "", "")
    row = _row(context, kind, to.email, to.language, params) | {"customer_id": to.customer_id}
    values = (literal(value, Message.__table__.c[name].type) for name, value in row.items())
    wanted = select(*values).where(literal(owner is not None, Boolean))
    db.session.execute(insert(Message).from_select(list(row), wanted))
    wake()


def was_queued(context: Context, kind: str, owner: Recipient, within: timedelta) -> bool:
    """Whether such a message to a customer was written within this time. One that is dated ahead, from before the clock
    was set back, counts no more (SECURITY R20)."""
    lately = Message.created_at.between(context.now - within, context.now + DRIFT)
    known = select(Message.id).where(Message.customer_id == owner.customer_id, Message.kind == kind, lately)
    return db.session.execute(known.limit(1)).first() is not None


def wake() -> None:
    """Let the transaction boundary wake the worker after the commit."""
    g.portal_wake = True


def _row(context: Context, kind: str, recipient: str, language: str, params: dict[str, Any]) -> dict[str, Any]:
    return {
        "uuid": uuid.uuid4(),
        "kind": kind,
        "recipient": recipient,
        "language": language,
        "params": params,
        "status": "waiting",
        "attempts": 0,
        "next_attempt_at": context.now,
        "created_at": context.now,
    }
