"""`jobs status` and `jobs retry`."""

import uuid

from flask import Flask
from sqlalchemy import select, update

from portal.models.base import db
from portal.models.message import Message
from portal.models.order_upload import OrderUpload
from portal.services.imports import order_upload_files
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


def test_order_files_are_counted_and_put_back_in_line_where_they_were(app: Flask, transaction: Transaction) -> None:
    with transaction() as context:
        employee = builders.staff(context).id
        for number, (state, confirmed) in enumerate(
            (("waiting", None), ("failed", None), ("failed", employee), ("failed", employee))
        ):
            upload = OrderUpload(
                uuid=uuid.UUID(int=number),
                staff_id=employee,
                confirmed_by_id=confirmed,
                shop="Veneilykauppa",
                file_format="csv",
                size=1,
                digest=bytes(32),
                state=state,
                attempts=3,
                settled_at=context.now if state == "failed" else None,
                created_at=context.now,
            )
            db.session.add(upload)
    for number in range(3):
        with app.app_context():
            path = order_upload_files.path_of(uuid.UUID(int=number))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    runner = app.test_cli_runner()
    assert runner.invoke(args=["jobs", "status"]).output == "order files failed: 3\norder files waiting: 1\n"
    assert runner.invoke(args=["jobs", "retry"]).stdout == (
        "0 messages are waiting again.\n2 order files are waiting again.\n"
        "1 order files are gone from the disk: upload them again.\n"
    )
    with transaction():
        found = db.session.execute(
            select(OrderUpload.state, OrderUpload.attempts, OrderUpload.settled_at).order_by(OrderUpload.id)
        ).all()
    assert [row.state for row in found] == ["waiting", "waiting", "confirmed", "failed"]
    assert [(row.attempts, row.settled_at) for row in found[1:3]] == [(0, None)] * 2
