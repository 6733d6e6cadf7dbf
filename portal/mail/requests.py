"""Messages about access requests. None holds data of the customer: they say where to read."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Employee, Recipient
from portal.rules.context import Context


def letter(context: Context, customer: Recipient, letter_id: int) -> None:
    """To the customer: a letter about the request is in the portal."""
    _to(context, "request_letter", customer, letter=letter_id)


def note(context: Context, customer: Recipient, note_id: int) -> None:
    """To the customer: we wrote something about the request."""
    _to(context, "request_note", customer, note=note_id)


def due(context: Context, employee: Employee, request_id: int) -> None:
    """To an employee: the answer to a request is due soon, or overdue."""
    _inside(context, "request_due", employee, request_id)


def unanswered(context: Context, employee: Employee, request_id: int) -> None:
    """To an employee: the customer has not answered the question about identity for two weeks."""
    _inside(context, "request_unanswered", employee, request_id)


def message(context: Context, employee: Employee, request_id: int) -> None:
    """To an employee: the customer has written about a request."""
    _inside(context, "request_message", employee, request_id)


def _inside(context: Context, kind: str, to: Employee, request_id: int) -> None:
    queue(context, kind, recipient=to.email, language=to.language, staff_id=to.staff_id, request=request_id)


def _to(context: Context, kind: str, customer: Recipient, **params: int) -> None:
    queue(
        context, kind, recipient=customer.email, language=customer.language, customer_id=customer.customer_id, **params
    )
