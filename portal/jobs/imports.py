"""The task that checks uploaded order files, and imports those that were confirmed.

A file of 50 MB takes longer than a request may, and on SQLite nobody else can write meanwhile: the page that waits for
it asks again, and the request that sent it is long over.
"""

from __future__ import annotations

import logging

from portal.jobs.transaction import new_context, transaction
from portal.rules.log_lines import place
from portal.services.imports import order_upload_files, order_upload_queue
from portal.services.imports.alone import one_at_a_time
from portal.services.imports.formats import prepare
from portal.services.imports.order_upload_queue import Claimed
from portal.services.imports.prepared import Prepared
from portal.services.imports.problems import FileRefused
from portal.services.imports.write import NothingKept

log = logging.getLogger(__name__)


def run() -> None:
    """Carry out everything that waits. Safe to run in several workers at once."""
    while carry_out_one():
        pass


def carry_out_one() -> bool:
    """Check or import the next file. False when none waits."""
    if not order_upload_queue.is_due(new_context()):
        return False
    with transaction() as context:
        claimed = order_upload_queue.claim(context)
    if claimed is None:
        return False
    try:
        _carry_out(claimed)
    except Exception as error:  # noqa: BLE001 - one file that breaks the worker must not hold up the others
        # It is tried again when its claim is over, and given up after a few times.
        log.warning("order file failed", extra={"error": type(error).__name__, "place": place(error.__traceback__)})
    return True


def _carry_out(claimed: Claimed) -> None:
    if not claimed.path.is_file():
        with transaction(claimed.actor) as context:
            order_upload_queue.give_up(context, claimed)
        return
    with prepare(claimed.path, claimed.file_format) as prepared:
        # Reading may end early where the file is bad, and there is no digest of the whole then.
        if not prepared.problem_count and prepared.digest != claimed.digest:
            with transaction(claimed.actor) as context:
                order_upload_queue.give_up(context, claimed)
            return
        _write(claimed, prepared)


def _write(claimed: Claimed, prepared: Prepared) -> None:
    try:
        with one_at_a_time(), transaction(claimed.actor) as context:
            order_upload_queue.carry_out(context, claimed, prepared)
    except NothingKept as dry:
        order_upload_files.write_sample(claimed.uuid, order_upload_queue.sample_of(prepared))
        with transaction(claimed.actor) as context:
            order_upload_queue.make_ready(context, claimed, dry.imported)
    except FileRefused as refused:
        order_upload_files.write_problems(claimed.uuid, refused)
        with transaction(claimed.actor) as context:
            order_upload_queue.refuse(context, claimed, len(refused))
    else:
        order_upload_files.remove(claimed.uuid)
