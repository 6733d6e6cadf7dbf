"""The one place in `web` that opens the business transaction, and the throttle that commits before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from portal.rules.context import Context
from portal.rules.errors import TooMany
from portal.services.accounts import refused_attempts
from portal.services.foundation import throttle
from portal.services.foundation.throttle import Attempt
from portal.services.unit_of_work import hurried_unit_of_work, unit_of_work
from portal.web.request_context import current_context, in_staff_area

__all__ = ["Attempt", "current_context", "hurried_transaction", "throttled", "transaction"]


@contextmanager
def transaction() -> Iterator[Context]:
    """Commit on success, roll back on an exception."""
    with unit_of_work(current_context()) as context:
        yield context


@contextmanager
def hurried_transaction(context: Context) -> Iterator[Context]:
    """A transaction that is given up rather than waited for, outside any request. Raises `Busy`."""
    with hurried_unit_of_work(context):
        yield context


def throttled(*attempts: Attempt) -> bool:
    """Count attempts in a transaction of their own, before any hashing. Raises `TooMany` when one is over its limit;
    returns whether the silent ones are within theirs."""
    with transaction() as context:
        counted = throttle.count_each(context, *attempts)
        refused_attempts.note(context, counted, "staff" if in_staff_area() else "customers")
    wait = max((one.wait for one in counted if not one.attempt.silent), default=0)
    if wait:
        raise TooMany(wait)
    return not any(one.wait for one in counted)
