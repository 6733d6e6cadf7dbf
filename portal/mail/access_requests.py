"""Messages about access requests."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Recipient
from portal.rules.context import Context


def access_request_received(context: Context, customer: Recipient, request_id: int) -> None:
    """To whoever asked for their data: the receipt, with the number, the deadline and the request as it was made."""
    queue(
        context,
        "access_request_received",
        recipient=customer.email,
        language=customer.language,
        customer_id=customer.customer_id,
        request=request_id,
    )
