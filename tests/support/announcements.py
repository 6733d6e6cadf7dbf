"""Newsletters in the database."""

import uuid
from typing import Any

from portal.models.announcement import Announcement
from portal.models.base import db
from portal.rules.context import Context


def announcement(context: Context, author_id: int, **details: Any) -> uuid.UUID:
    """A newsletter, a draft unless told otherwise; returns its name in addresses. `details` are columns."""
    words = {language: {"subject": f"Kevät {language}", "text": f"Rivi {language}"} for language in ("fi", "sv", "en")}
    values = {"words": words, "state": "draft", "version": 1, "created_at": context.now, **details}
    if values["state"] != "draft":
        values = {"sender_id": author_id, "sent_at": context.now, **values}
    row = Announcement(**{"uuid": uuid.uuid4(), "author_id": author_id, "queued": 0, "withheld": 0, **values})
    db.session.add(row)
    db.session.flush()
    return row.uuid
