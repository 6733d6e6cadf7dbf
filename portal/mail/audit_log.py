"""The message to employees who watch over the audit log."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Employee
from portal.rules.context import Context


def broken(context: Context, employee: Employee, check_id: int) -> None:
    """A verification found that the log is not what was written."""
    to = {"recipient": employee.email, "language": employee.language, "staff_id": employee.staff_id}
    queue(context, "audit_broken", **to, check=check_id)  # type: ignore[arg-type]  # one mapping of all three
