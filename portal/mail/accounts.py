"""Messages about an account: signing up, passwords, new devices."""

from __future__ import annotations

from portal.mail.outbox import queue, queue_or_not
from portal.mail.recipients import Recipient
from portal.rules.context import Context

# The kinds of the message with a link to a new password: an employee sent it, or somebody asked for it at the log-in.
BY_STAFF, BY_ANYBODY = RESET_KINDS = ("password_link", "reset_password")


def confirm_registration(context: Context, registration_id: int, *, email: str, language: str) -> None:
    """To an address somebody signed up with: the link that opens the account. Nobody's name is in it, for nobody is
    proven to stand behind the address yet."""
    queue(context, "confirm_registration", recipient=email, language=language, registration=registration_id)


def already_registered(context: Context, owner: Recipient) -> None:
    """To the owner of an address somebody signed up with although it has an account."""
    _to(context, "already_registered", owner)


def account_ready(context: Context, owner: Recipient) -> None:
    """To a new customer: the account is open."""
    _to(context, "account_ready", owner)


def reset_password(context: Context, owner: Recipient | None, reset_id: int | None) -> None:
    """To the owner: the link to choose a new password, which they asked for or an employee sent. Without an owner the
    same work writes no message."""
    queue_or_not(context, reset_kind(context), owner, reset=reset_id)


def reset_kind(context: Context) -> str:
    """The kind of that message, by who acts."""
    return BY_STAFF if context.actor.kind == "staff" else BY_ANYBODY


def password_changed(context: Context, owner: Recipient) -> None:
    """To the owner: the password was changed or reset."""
    _to(context, "password_changed", owner)


def new_device(context: Context, owner: Recipient, session_id: int) -> None:
    """To the owner: a log-in from a browser and network that were not known."""
    _to(context, "new_device", owner, session=session_id)


def password_accepted(context: Context, owner: Recipient) -> None:
    """To the owner: somebody gave the right password in a browser and network that were not known, and has not proven
    the second factor yet."""
    _to(context, "password_accepted", owner)


def user_name_chosen(context: Context, owner: Recipient) -> None:
    """To the owner: a user name logs in, too."""
    _to(context, "user_name_chosen", owner)


def user_name_removed(context: Context, owner: Recipient) -> None:
    """To the owner: the e-mail address alone logs in."""
    _to(context, "user_name_removed", owner)


def account_closing(context: Context, owner: Recipient) -> None:
    """To the owner: the account is being closed, and until when logging in takes it back."""
    _to(context, "account_closing", owner)


def account_kept(context: Context, owner: Recipient) -> None:
    """To the owner: a log-in took the closing back."""
    _to(context, "account_kept", owner)


def account_closed(context: Context, owner: Recipient) -> None:
    """To whom the account belonged: it is gone."""
    _to(context, "account_closed", owner)


def account_disabled(context: Context, owner: Recipient) -> None:
    """To the owner: nobody can log in to the account, why, and what stays as it is."""
    _to(context, "account_disabled", owner)


def account_enabled(context: Context, owner: Recipient) -> None:
    """To the owner: the account opens again as before."""
    _to(context, "account_enabled", owner)


def remembered_reused(context: Context, owner: Recipient) -> None:
    """To the owner: somebody used an old copy of a remembered browser's cookie, and that browser was logged out."""
    _to(context, "remembered_reused", owner)


def _to(context: Context, kind: str, owner: Recipient, **params: int) -> None:
    queue(context, kind, recipient=owner.email, language=owner.language, customer_id=owner.customer_id, **params)
