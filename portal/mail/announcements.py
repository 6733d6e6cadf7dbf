"""Marketing that employees write."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Employee, Recipient
from portal.rules.context import Context
from portal.rules.texts import LOCALES


def announcement(context: Context, customer: Recipient, announcement_id: int) -> None:
    """To a customer who may be contacted; the outbox asks again right before it leaves."""
    queue(
        context,
        "announcement",
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
