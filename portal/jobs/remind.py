"""The hourly task that reminds of access requests: of a deadline near or over, of a question nobody answered."""

from __future__ import annotations

import logging
from collections.abc import Callable

from portal.jobs.transaction import transaction
from portal.rules.context import Context
from portal.services.requests import request_question_reminders, request_reminders

log = logging.getLogger(__name__)


def run() -> None:
    """Remind until nothing is left, in transactions that hold their locks for a moment each."""
    for remind in (request_reminders.remind, request_question_reminders.remind):
        while count := _once(remind):
            log.info("reminded of access requests", extra={"count": count})


def _once(remind: Callable[[Context], int]) -> int:
    with transaction() as context:
        return remind(context)
