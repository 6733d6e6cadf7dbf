"""The hourly task that reminds employees of access requests whose deadline is near or over."""

from __future__ import annotations

import logging

from portal.jobs.transaction import transaction
from portal.services.requests import request_reminders

log = logging.getLogger(__name__)


def run() -> None:
    """Remind until nothing is left, in transactions that hold their locks for a moment each."""
    while True:
        with transaction() as context:
            count = request_reminders.remind(context)
        if not count:
            return
        log.info("reminded of access requests", extra={"count": count})
