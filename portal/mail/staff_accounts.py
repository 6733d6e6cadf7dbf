"""Messages to employees about their own access: what changed of it, and log-ins from a new device."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Employee
from portal.rules.context import Context


def access_set(context: Context, employee: Employee) -> None:
    """A password and a second factor were chosen with an invitation, for the first time."""
    _to(context, "staff_access_set", employee)


def access_renewed(context: Context, employee: Employee) -> None:
    """A password and a second factor were chosen with a new link; whatever was there before is worth nothing."""
    _to(context, "staff_access_renewed", employee)


def new_device(context: Context, employee: Employee, session_id: int) -> None:
    """The password was given in a browser or network that was not known."""
    _to(context, "staff_new_device", employee, session=session_id)


def recovery_codes_made(context: Context, employee: Employee) -> None:
    """There are new recovery codes, and the old ones are worth nothing."""
    _to(context, "staff_recovery_codes_made", employee)


def recovery_code_used(context: Context, employee: Employee) -> None:
    """Somebody used a recovery code."""
    _to(context, "staff_recovery_code_used", employee)


def passkey_added(context: Context, employee: Employee) -> None:
    """A passkey is a second factor from now on."""
    _to(context, "staff_passkey_added", employee)


def passkey_removed(context: Context, employee: Employee) -> None:
    """A passkey is a second factor no more."""
    _to(context, "staff_passkey_removed", employee)


def _to(context: Context, kind: str, employee: Employee, **params: int) -> None:
    queue(context, kind, recipient=employee.email, language=employee.language, staff_id=employee.staff_id, **params)
