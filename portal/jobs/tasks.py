"""Which tasks exist and when they run. Each is a plain function that runs in an application context of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Flask
from huey import Huey, crontab

from portal.jobs import announce, checks, copies, deliver, derive, imports, purge, remind, work


def register(huey: Huey, app: Flask) -> Callable[[], object]:
    """Make the tasks known to the engine. Returns the function that puts what waits on the queue."""
    # What a crash or an unreachable store left waiting is taken up within a minute.
    huey.periodic_task(crontab(minute="*"), name="sweep_messages")(_in_context(app, deliver.run))
    huey.periodic_task(crontab(minute="*"), name="sweep_announcements")(_in_context(app, announce.run))
    huey.periodic_task(crontab(minute="*"), name="sweep_copies")(_in_context(app, copies.run))
    huey.periodic_task(crontab(minute="*"), name="sweep_imports")(_in_context(app, imports.run))
    huey.periodic_task(crontab(minute="*"), name="sweep_checks")(_in_context(app, checks.run))
    huey.periodic_task(crontab(minute="17"), name="purge_expired")(_in_context(app, purge.run))
    huey.periodic_task(crontab(minute="7"), name="remind_of_requests")(_in_context(app, remind.run))
    # Each hour, so that a worker that was down at night makes up for it; it begins once a day.
    huey.periodic_task(crontab(minute="27"), name="verify_audit_log")(_in_context(app, checks.begin_daily))
    huey.periodic_task(crontab(minute="37"), name="derive_suggestions")(_in_context(app, derive.run))
    enqueue: Callable[[], object] = huey.task(name="carry_out")(_in_context(app, work.run))
    return enqueue


def _in_context(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    @wraps(work)
    def task() -> None:
        with app.app_context():
            work()

    return task
