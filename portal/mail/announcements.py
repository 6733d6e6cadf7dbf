"""What employees write to many customers."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Employee, Recipient
from portal.rules.announcement_types import MESSAGES
from portal.rules.context import Context
from portal.rules.texts import LOCALES


def announcement(context: Context, customer: Recipient, announcement_id: int, announcement_type: str) -> None:
    """To one customer; right before it leaves, the outbox asks again whether it may."""
    queue(
        context,
        MESSAGES[announcement_type],
        recipient=customer.email,
        language=customer.language,
        customer_id=customer.customer_id,
        announcement=announcement_id,
    )


def test(context: Context, employee: Employee, announcement_id: int) -> None:
    """To the employee who asked, once in each language."""
    for language in LOCALES:
        queue(
            context,
            "announcement_test",
            recipient=employee.email,
            language=language,
            staff_id=employee.staff_id,
            announcement=announcement_id,
        )
