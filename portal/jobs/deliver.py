"""The task that sends mail: claim one message, send it outside any transaction, write down how it went."""

from __future__ import annotations

from portal.jobs.transaction import transaction
from portal.services.messaging import outbox


def run() -> None:
    """Send every message that is due. Safe to run in several workers at once."""
    with transaction() as context:
        outbox.give_up(context)
    while deliver_one():
        pass


def deliver_one() -> bool:
    """Send the next message that is due, or note its failure. False when none is due."""
    with transaction() as context:
        claimed = outbox.claim(context)
    if claimed is None:
        return False
    outcome = outbox.send(context, claimed)
    with transaction() as context:
        outbox.finish(context, claimed, outcome)
    return True
