"""Messages about access requests."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Recipient
from portal.rules.context import Context


def access_request_received(context: Context, customer: Recipient, request_id: int) -> None:
    """To whoever asked for their data: the receipt, with the number, the deadline and the request as it was made."""
    _to(context, "access_request_received", customer, request_id)


def access_request_entered(context: Context, customer: Recipient, request_id: int) -> None:
    """To an address that nobody has proven: the number, the day of receipt and the deadline, and nothing else."""
    _to(context, "access_request_entered", customer, request_id)


def access_request_withdrawn(context: Context, customer: Recipient, request_id: int) -> None:
    """To any address that is known: the number and the day on which the request was withdrawn, and nothing else."""
    _to(context, "access_request_withdrawn", customer, request_id)


def _to(context: Context, kind: str, customer: Recipient, request_id: int) -> None:
    queue(
        context,
        kind,
        recipient=customer.email,
        language=customer.language,
        customer_id=customer.customer_id,
        request=request_id,
    )
