"""The throttle: attempts counted in the database, shared by all workers, surviving a restart (SECURITY 10–12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import current_app
from sqlalchemy import Table, case, delete

from portal.models.base import db
from portal.models.database import affected, insert_on_conflict
from portal.models.session import ThrottleCounter
from portal.rules.context import Context
from portal.services.foundation.keys import lookup_hash

# A request reads the clock when it begins and counts later: by so much, one that began earlier may find a window that
# another has begun. To take that for a clock that was set back would begin the count anew with each of many at once.
OVERTAKING = timedelta(minutes=1)


@dataclass(frozen=True)
class Attempt:
    """One thing to count: the name of a limit in the settings, the place where somebody tries, and whose attempts they
    are. A refusal for a `silent` one must look like any other failure: that it is spent would tell what the visitor is
    not to know.

    `whose` may be what somebody typed. The place stands apart from it, so that nothing that is typed in one place is
    counted in another. `account_id` is the customer's account it is about, where that is known: for the log, and not
    counted.
    """

    bucket: str
    place: str
    whose: str
    silent: bool = False
    account_id: int | None = None


@dataclass(frozen=True)
class Counted:
    """How an attempt was counted: the seconds to wait, 0 within the limit, and whether it is the one with which the
    refusing begins in this window."""

    attempt: Attempt
    wait: int
    begins: bool


def count(context: Context, *attempts: Attempt) -> int:
    """Count the attempts. Returns 0 when all are within their limits, else the seconds to wait.

    The caller commits before anything expensive is done, so that a refusal costs no hashing. Windows begin with the
    first attempt; there is never a permanent lockout.
    """
    return max((counted.wait for counted in count_each(context, *attempts)), default=0)


def count_each(context: Context, *attempts: Attempt) -> list[Counted]:
    """The same for each that was counted: they are counted in order, up to the first that is over its limit and may say
    so.

    So what is narrowest stands first and what all share last: an address that goes on after its limit, at no cost to
    itself, fills no limit of anybody else.
    """
    counted: list[Counted] = []
    for attempt in attempts:
        counted.append(_count_one(context.now, attempt))
        if counted[-1].wait and not attempt.silent:
            break
    return counted


def purge(context: Context) -> int:
    """Delete counters whose window is long over. Returns how many."""
    return affected(delete(ThrottleCounter).where(ThrottleCounter.window_started_at < context.now - timedelta(days=2)))


def _count_one(now: datetime, attempt: Attempt) -> Counted:
    limit = getattr(current_app.config["PORTAL_THROTTLES"], attempt.bucket)
    window = timedelta(seconds=limit.seconds)
    table = cast("Table", ThrottleCounter.__table__)
    values = {
        "bucket": attempt.bucket,
        "key_hash": lookup_hash("throttle", attempt.bucket, attempt.place, attempt.whose),
        "window_started_at": now,
        "attempts": 1,
    }
    # A window is over after its length; one that lies far in the future, after a clock was set back, is over as well.
    over = (table.c.window_started_at <= now - window) | (table.c.window_started_at > now + OVERTAKING)
    statement = (
        insert_on_conflict(table)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["bucket", "key_hash"],
            set_={
                "window_started_at": case((over, now), else_=table.c.window_started_at),
                "attempts": case((over, 1), else_=table.c.attempts + 1),
            },
        )
        .returning(table.c.window_started_at, table.c.attempts)
    )
    started, attempts = db.session.execute(statement).one()
    if attempts <= limit.count:
        return Counted(attempt, 0, begins=False)
    wait = max(1, int((started + window - now).total_seconds()) + 1)
    return Counted(attempt, wait, begins=attempts == limit.count + 1)
