"""The hourly task that deletes what has expired."""

from __future__ import annotations

import logging

from portal.jobs.transaction import transaction
from portal.services import housekeeping

log = logging.getLogger(__name__)


def run() -> None:
    """Delete expired rows, each kind in a transaction of its own, so that none holds the lock for long."""
    for kind, purge in housekeeping.PURGES.items():
        with transaction() as context:
            gone = purge(context)
        log.info("expired rows deleted", extra={"kind": kind, "count": gone})
