"""The task that lets announcements go: a batch of messages, and the next when those have left."""

from __future__ import annotations

from portal.jobs.transaction import transaction
from portal.services.messaging import announcement_queue


def run() -> None:
    """Queue the next batch of an announcement that was let go, and have it delivered; what else people wait for comes
    before the batch after it. Safe to run in several workers at once."""
    with transaction() as context:
        announcement_queue.queue_some(context)
