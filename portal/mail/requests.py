"""Messages about access requests. None holds data of the customer: they say where to read."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Recipient
from portal.rules.context import Context


def letter(context: Context, customer: Recipient, letter_id: int) -> None:
    """To the customer: a letter about the request is in the portal."""
    _to(context, "request_letter", customer, letter=letter_id)


def note(context: Context, customer: Recipient, note_id: int) -> None:
    """To the customer: we wrote something about the request."""
    _to(context, "request_note", customer, note=note_id)


def due(context: Context, staff_id: int, email: str, language: str, request_id: int) -> None:
    """To an employee: the answer to a request is due soon, or overdue."""
    queue(context, "request_due", recipient=email, language=language, staff_id=staff_id, request=request_id)


def unanswered(context: Context, staff_id: int, email: str, language: str, request_id: int) -> None:
    """To an employee: the customer has not answered the question about identity for two weeks."""
    queue(context, "request_unanswered", recipient=email, language=language, staff_id=staff_id, request=request_id)


def message(context: Context, staff_id: int, email: str, language: str, request_id: int) -> None:
    """To an employee: the customer has written about a request."""
    queue(context, "request_message", recipient=email, language=language, staff_id=staff_id, request=request_id)


def _to(context: Context, kind: str, customer: Recipient, **params: int) -> None:
    queue(
        context, kind, recipient=customer.email, language=customer.language, customer_id=customer.customer_id, **params
    )
