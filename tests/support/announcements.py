"""Announcements in the database."""

import uuid
from typing import Any

from portal.models.announcement import Announcement
from portal.models.base import db
from portal.rules.consents import KINDS, Action
from portal.rules.context import Actor, Context
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from portal.services.messaging import announcements
from tests.support import builders
from tests.support.fixtures import Transaction

EMAIL = KINDS["marketing_email"]


def announcement(context: Context, author_id: int, **details: Any) -> uuid.UUID:
    """An announcement, a draft of marketing unless told otherwise; returns its name in addresses. `details` are
    columns."""
    words = {language: {"subject": f"Kevät {language}", "text": f"Rivi {language}"} for language in ("fi", "sv", "en")}
    values = {"words": words, "type": "marketing", "state": "draft", "version": 1, "created_at": context.now, **details}
    if values["state"] != "draft":
        values = {"sender_id": author_id, "sent_at": context.now, **values}
    row = Announcement(**{"uuid": uuid.uuid4(), "author_id": author_id, "queued": 0, "withheld": 0, **values})
    db.session.add(row)
    db.session.flush()
    return row.uuid


def willing(context: Context, action: Action = Action.GIVEN, **details: Any) -> int:
    """A customer with an e-mail address who said something about marketing there, by default yes; the row number."""
    customer = builders.customer(context, **details)
    consent_events.append(context, customer, EMAIL, action, Said("fi", "Sanat", 1))
    return customer


def let_go(transaction: Transaction, writer: Actor, draft: uuid.UUID) -> None:
    """Send an announcement that nobody has changed."""
    with transaction(writer) as context:
        announcements.send(context, draft, 1, checked=True)


def row(reading: Transaction, draft: uuid.UUID) -> Any:
    """The announcement as it stands."""
    with reading() as context:
        return announcements.find(context, draft)
