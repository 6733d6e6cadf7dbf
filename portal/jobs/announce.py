"""The task that lets announcements go: a batch of messages, and the next when those have left."""

from __future__ import annotations

from portal.jobs import deliver
from portal.jobs.transaction import transaction
from portal.services.messaging import announcement_queue


def run() -> None:
    """Queue every announcement that was let go, batch by batch. Safe to run in several workers at once."""
    deliver.run()
    while queue_some():
        deliver.run()


def queue_some() -> bool:
    """Queue the next batch. False when there is none to queue at this moment."""
    with transaction() as context:
        return announcement_queue.queue_some(context)
