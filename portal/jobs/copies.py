"""The task that makes data copies: claim one, build it outside any transaction, write down how it went."""

from __future__ import annotations

import logging

from portal.jobs.transaction import new_context, transaction
from portal.rules.log_lines import place
from portal.services.data_copy import data_copy_queue
from portal.services.data_copy.build import build
from portal.services.foundation import stored_files

log = logging.getLogger(__name__)


def run() -> None:
    """Make every copy that is due. Safe to run in several workers at once."""
    with transaction() as context:
        data_copy_queue.give_up(context)
    while make_one():
        pass


def make_one() -> bool:
    """Make the next copy that is due, or note its failure. False when none is due."""
    if not data_copy_queue.is_due(new_context()):
        return False
    with transaction() as context:
        claimed = data_copy_queue.claim(context)
    if claimed is None:
        return False
    try:
        name, written = build(context, claimed)
    except Exception as error:  # noqa: BLE001 - one copy that cannot be made must not hold up the others
        log.warning("data copy failed", extra={"error": type(error).__name__, "place": place(error.__traceback__)})
        with transaction() as context:
            data_copy_queue.fail(context, claimed, data_copy_queue.failure_code(error))
        return True
    with transaction() as context:
        kept = data_copy_queue.finish(context, claimed, written, name)
    if not kept:
        stored_files.discard(written)
    return True
