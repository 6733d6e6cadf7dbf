"""What expires and is deleted every hour: rows that nobody can use any more."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete

from portal.models.account import Registration
from portal.models.database import affected
from portal.rules.context import Context
from portal.services import customer_search, sessions, throttle


def purge_registrations(context: Context) -> int:
    """Delete sign-ups that were not confirmed in time. Returns how many."""
    return affected(delete(Registration).where(Registration.expires_at < context.now))


PURGES: dict[str, Callable[[Context], int]] = {
    "sessions": sessions.purge,
    "throttle": throttle.purge,
    "registrations": purge_registrations,
    "searches": customer_search.purge,
}
