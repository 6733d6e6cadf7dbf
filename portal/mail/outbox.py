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
    # The transaction boundary wakes the worker after the commit.
    g.portal_wake = True
