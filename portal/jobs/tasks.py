"""Which tasks exist and when they run. Each is a plain function that runs in an application context of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Flask
from huey import Huey, crontab

from portal.jobs import deliver, purge, remind


def register(huey: Huey, app: Flask) -> Callable[[], object]:
    """Make the tasks known to the engine. Returns the function that puts the delivery of messages on the queue."""
    # What a crash or an unreachable store left waiting goes out within a minute.
    huey.periodic_task(crontab(minute="*"), name="sweep_messages")(_in_context(app, deliver.run))
    huey.periodic_task(crontab(minute="17"), name="purge_expired")(_in_context(app, purge.run))
    huey.periodic_task(crontab(minute="7"), name="remind_of_requests")(_in_context(app, remind.run))
    enqueue: Callable[[], object] = huey.task(name="deliver_messages")(_in_context(app, deliver.run))
    return enqueue


def _in_context(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    @wraps(work)
    def task() -> None:
        with app.app_context():
            work()

    return task
