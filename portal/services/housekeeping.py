"""What expires and is deleted every hour: rows that nobody can use any more."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete

from portal.models.account import EmailChange, KnownDevice, PasswordReset, Registration
from portal.models.database import affected
from portal.rules.clock import helsinki_date, helsinki_midnight
from portal.rules.context import Context
from portal.rules.register import Retention
from portal.rules.retention import add_months
from portal.services import customer_search, sessions, throttle


def purge_registrations(context: Context) -> int:
    """Delete sign-ups that were not confirmed in time. Returns how many."""
    return affected(delete(Registration).where(Registration.expires_at < context.now))


def purge_account_events(context: Context) -> int:
    """Delete settled links and devices not used for as long as the security log is kept. Returns how many."""
    oldest = helsinki_midnight(add_months(helsinki_date(context.now), -Retention.SECURITY_LOG.rule.months))
    return (
        affected(delete(PasswordReset).where(PasswordReset.created_at < oldest))
        + affected(delete(EmailChange).where(EmailChange.created_at < oldest))
        + affected(delete(KnownDevice).where(KnownDevice.last_used_at < oldest))
    )


PURGES: dict[str, Callable[[Context], int]] = {
    "sessions": sessions.purge,
    "throttle": throttle.purge,
    "registrations": purge_registrations,
    "account_events": purge_account_events,
    "searches": customer_search.purge,
}
