"""Messages about a change of the log-in address (SECURITY 25)."""

from __future__ import annotations

from portal.mail.outbox import queue
from portal.mail.recipients import Recipient
from portal.rules.context import Context


def confirm_new_email(context: Context, owner: Recipient, change_id: int, *, new_email: str) -> None:
    """To the new address: the link that confirms it. It names nobody, for the address may be mistyped."""
    queue(
        context,
        "confirm_new_email",
        recipient=new_email,
        language=owner.language,
        customer_id=owner.customer_id,
        change=change_id,
    )


def email_taken(context: Context, holder: Recipient) -> None:
    """To the holder of an account whose address somebody wanted for another account."""
    _to(context, "email_taken", holder)


def email_change_asked(context: Context, owner: Recipient, change_id: int) -> None:
    """To the old address: a change was asked for, and the link that cancels it."""
    _to(context, "email_change_asked", owner, change=change_id)


def email_changed(context: Context, owner: Recipient) -> None:
    """To the old address: another one is in use now."""
    _to(context, "email_changed", owner)


def _to(context: Context, kind: str, owner: Recipient, **params: int) -> None:
    queue(context, kind, recipient=owner.email, language=owner.language, customer_id=owner.customer_id, **params)
