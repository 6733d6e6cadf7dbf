"""Messages about data copies. None carries data, nor a link that opens anything without logging in."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Recipient
from portal.rules.context import Context


def copy_ready(context: Context, owner: Recipient, copy_id: int) -> None:
    """To the customer: the copy is made and waits in the portal."""
    queue(
        context,
        "copy_ready",
        recipient=owner.email,
        language=owner.language,
        customer_id=owner.customer_id,
        copy=copy_id,
    )
