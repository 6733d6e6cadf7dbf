"""Background work. The truth is a row; a task carries it out and is safe to run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock

from flask import Flask
from huey import Huey

from portal.jobs import engine, tasks

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Build the engine, register the tasks, and let the transaction boundary wake the worker."""
    huey = engine.build(app.config["PORTAL_HUEY_URL"])
    app.extensions["portal.huey"] = huey
    app.extensions["portal.wake_jobs"] = Waker(huey, tasks.register(huey, app))


class Waker:
    """Tells the worker that something waits. The sweep finds what a failed call leaves, so no request ever fails
    for it, and none waits longer than `engine.STORE_TIMEOUT`."""

    def __init__(self, huey: Huey, enqueue: Callable[[], object]) -> None:
        self._huey = huey
        self._enqueue = enqueue
        self._prepared = False
        self._lock = Lock()

    def __call__(self) -> None:
        try:
            self._prepare()
            self._enqueue()
        except Exception as error:  # noqa: BLE001 - each store raises errors of its own, and none may reach a request
            # The store may have been moved or emptied: the next call opens it anew.
            self._prepared = False
            log.warning("job store not reached; the sweep finds the work", extra={"error": type(error).__name__})

    def _prepare(self) -> None:
        with self._lock:
            if not self._prepared:
                self._huey.storage.close()
                engine.prepare_store(self._huey)
                self._prepared = True
