"""Messages about the second factor: each change, passkeys, and each recovery code that was used."""

from __future__ import annotations

from datetime import timedelta

from portal.mail.outbox import queue, was_queued
from portal.mail.recipients import Recipient
from portal.rules.context import Context

REMOVAL_ASKED = "factor_removal_asked"


def second_factor_on(context: Context, owner: Recipient) -> None:
    """To the owner: log-ins ask for a code from now on."""
    _to(context, "second_factor_on", owner)


def second_factor_moved(context: Context, owner: Recipient) -> None:
    """To the owner: log-ins ask for a code of another phone from now on."""
    _to(context, "second_factor_moved", owner)


def second_factor_off(context: Context, owner: Recipient) -> None:
    """To the owner: log-ins ask for the password alone."""
    _to(context, "second_factor_off", owner)


def second_factor_failing(context: Context, owner: Recipient) -> None:
    """To the owner: somebody who knows the password tries one code after the other."""
    _to(context, "second_factor_failing", owner)


def removal_asked(context: Context, owner: Recipient) -> None:
    """To the owner: customer service was asked to remove the factor, until when it can be stopped, and how."""
    _to(context, REMOVAL_ASKED, owner)


def removal_stopped(context: Context, owner: Recipient) -> None:
    """To the owner: the factor stays."""
    _to(context, "factor_removal_stopped", owner)


def second_factor_removed(context: Context, owner: Recipient) -> None:
    """To the owner: customer service has removed the factor after the wait."""
    _to(context, "second_factor_removed", owner)


def recovery_codes_made(context: Context, owner: Recipient) -> None:
    """To the owner: there are new recovery codes, and the old ones are worth nothing."""
    _to(context, "recovery_codes_made", owner)


def recovery_code_used(context: Context, owner: Recipient) -> None:
    """To the owner: somebody used a recovery code."""
    _to(context, "recovery_code_used", owner)


def passkey_added(context: Context, owner: Recipient) -> None:
    """To the owner: a passkey opens the account from now on."""
    _to(context, "passkey_added", owner)


def passkey_removed(context: Context, owner: Recipient) -> None:
    """To the owner: a passkey opens the account no more."""
    _to(context, "passkey_removed", owner)


def failing_told(context: Context, owner: Recipient, within: timedelta) -> bool:
    """Whether the owner was told within this time that codes keep failing."""
    return was_queued(context, "second_factor_failing", owner, within)


def _to(context: Context, kind: str, owner: Recipient) -> None:
    queue(context, kind, recipient=owner.email, language=owner.language, customer_id=owner.customer_id)
