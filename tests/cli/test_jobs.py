"""`jobs status` and `jobs retry`."""

import uuid

from flask import Flask
from sqlalchemy import update

from portal.models.base import db
from portal.models.message import Message
from portal.models.order_upload import OrderUpload
from tests.support import builders
from tests.support.fixtures import Transaction
from tests.support.outbox import rows, write


def test_what_failed_is_counted_and_put_back_in_line(
    app: Flask, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction, 3)
    with transaction():
        db.session.execute(update(Message).where(Message.id > 1).values(status="failed", attempts=10))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["jobs", "status"]).output == "failed: 2\nwaiting: 1\n"
    assert runner.invoke(args=["jobs", "retry"]).output == "2 messages are waiting again.\n"
    assert [(row.status, row.attempts) for row in rows(reading)] == [("waiting", 0)] * 3
    assert runner.invoke(args=["jobs", "status"]).output == "waiting: 3\n"


def test_order_files_are_counted_and_not_put_back_in_line(app: Flask, transaction: Transaction) -> None:
    with transaction() as context:
        employee = builders.staff(context).id
        for number, state in enumerate(("waiting", "failed", "failed")):
            upload = OrderUpload(
                uuid=uuid.UUID(int=number),
                staff_id=employee,
                shop="Veneilykauppa",
                file_format="csv",
                size=1,
                digest=bytes(32),
                state=state,
                created_at=context.now,
            )
            db.session.add(upload)
    runner = app.test_cli_runner()
    told = "order files failed: 2\norder files waiting: 1\n"
    assert runner.invoke(args=["jobs", "status"]).output == told
    assert runner.invoke(args=["jobs", "retry"]).output == "0 messages are waiting again.\n"
    assert runner.invoke(args=["jobs", "status"]).output == told
