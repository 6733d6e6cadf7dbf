"""The hourly task that deletes what has expired."""

from __future__ import annotations

import logging

from portal.jobs.transaction import transaction
from portal.services import housekeeping

log = logging.getLogger(__name__)


def run() -> None:
    """Delete expired rows, each kind and batch in a transaction of its own, so that none holds the lock for long."""
    for kind in housekeeping.PURGES:
        gone = batch = _purge(kind)
        while batch >= housekeeping.BATCH:
            batch = _purge(kind)
            gone += batch
        log.info("expired rows deleted", extra={"kind": kind, "count": gone})


def _purge(kind: str) -> int:
    with transaction() as context:
        return housekeeping.PURGES[kind](context)
