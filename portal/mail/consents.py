"""Messages about consents."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Recipient
from portal.rules.context import Context


def consent_by_phone(context: Context, customer: Recipient, event_id: int) -> None:
    """To a customer who gave a consent by phone: what was read, and how to withdraw it."""
    queue(
        context,
        "consent_by_phone",
        recipient=customer.email,
        language=customer.language,
        customer_id=customer.customer_id,
        event=event_id,
    )
