"""Writing the row of a message. Who renders and sends it reads the row; no link or name is stored in it."""

from __future__ import annotations

import uuid

from flask import g
from sqlalchemy import insert

from portal.models.base import db
from portal.models.message import Message
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
    db.session.execute(
        insert(Message).values(
            uuid=uuid.uuid4(),
            kind=kind,
            recipient=recipient,
            language=language,
            customer_id=customer_id,
            staff_id=staff_id,
            params=params,
            status="waiting",
            attempts=0,
            next_attempt_at=context.now,
            created_at=context.now,
        )
    )
    wake()


def wake() -> None:
    """Let the transaction boundary wake the worker after the commit. Where a mail must not show by the time an answer
    takes, it is called without one as well: waking writes to a store of its own, and that is what takes long."""
    g.portal_wake = True
