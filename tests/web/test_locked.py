"""A long import holds SQLite's one write lock: pages are read all the same, and writing says to wait."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from portal.models.base import db
from tests.support import builders


@pytest.fixture
def impatient(app: Flask):
    """Connections that give up at once, so that the test need not wait for the lock."""

    def give_up(connection, _record, _proxy) -> None:
        connection.execute("PRAGMA busy_timeout = 50")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", give_up)
    yield engine
    event.remove(engine, "checkout", give_up)


@pytest.mark.sqlite
def test_a_page_opens_while_another_holds_the_write_lock(
    app: Flask, client, transaction, impatient, time_machine
) -> None:
    with transaction() as context:
        made = builders.account(context)
    client.log_in(made)
    time_machine.move_to(context.now + timedelta(minutes=5), tick=False)
    holder = impatient.raw_connection()
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert client.get("/account").status_code == 200
        busy = client.submit("/account/profile/phone", phone="040 123 4567")
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "15")
    finally:
        holder.rollback()
        holder.close()
    assert client.submit("/account/profile/phone", phone="040 123 4567").status_code == 303
