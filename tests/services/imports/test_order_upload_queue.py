"""What a worker notes of an uploaded file: once, and nothing when the file was gone or somebody else was first."""

import pytest
from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.services.imports import order_upload_queue
from portal.services.imports.order_upload_queue import Claimed
from portal.services.imports.write import Imported
from tests.support import builders
from tests.support.fixtures import Transaction
from tests.support.order_uploads import add_upload

IMPORTED = Imported(orders=1, lines=1, added=1, changed=0, customers=1, skipped=0)


def finish(transaction: Transaction, claimed: Claimed, outcome: str) -> None:
    with transaction(claimed.actor) as context:
        if outcome == "ready":
            order_upload_queue.make_ready(context, claimed, IMPORTED)
        else:
            order_upload_queue.refuse(context, claimed, 3)


@pytest.mark.parametrize("outcome", ["ready", "refused"])
def test_a_check_is_noted_once(transaction: Transaction, reading: Transaction, outcome: str) -> None:
    with transaction() as context:
        add_upload(context, builders.staff(context).id, "waiting")
    with transaction() as context:
        claimed = order_upload_queue.claim(context)
    assert claimed is not None
    for _ in range(2):
        finish(transaction, claimed, outcome)
    with reading():
        noted = select(AuditEvent.action).where(AuditEvent.action == "orders.file_checked")
        assert len(db.session.execute(noted).all()) == 1
