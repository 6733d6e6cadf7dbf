"""The commit wakes the worker, the worker and the schedule do the work, and what expired is deleted."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from huey.consumer import Consumer
from sqlalchemy import insert, select

from portal.jobs import purge
from portal.models.base import db
from portal.models.database import connection
from portal.models.session import ThrottleCounter
from portal.services import housekeeping
from tests.support.fixtures import Transaction
from tests.support.outbox import only, write
from tests.support.smtp import SmtpServer

SECONDS = 20


@pytest.fixture
def sending(app: Flask, database: object, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)
    # The store of an earlier test was deleted with its folder.
    app.extensions["portal.wake_jobs"]._prepared = False


def periodic(app: Flask, moment: datetime) -> set[str]:
    return {type(task).__name__ for task in app.extensions["portal.huey"].read_periodic(moment)}


def test_a_commit_with_a_message_wakes_the_worker(
    app: Flask, sending: None, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction)
    huey = app.extensions["portal.huey"]
    huey.execute(huey.dequeue())
    assert len(smtp_server.messages) == 1
    assert only(reading).status == "sent"


def test_a_rollback_and_an_empty_transaction_wake_nobody(app: Flask, sending: None, transaction: Transaction) -> None:
    woken: list[bool] = []
    app.extensions["portal.wake_jobs"], kept = (lambda: woken.append(True)), app.extensions["portal.wake_jobs"]
    try:
        with transaction():
            pass
        with pytest.raises(ZeroDivisionError):
            write_and_fail(transaction)
        assert woken == []
        write(transaction)
        assert woken == [True]
    finally:
        app.extensions["portal.wake_jobs"] = kept


def write_and_fail(transaction: Transaction) -> None:
    with transaction() as context:
        db.session.execute(insert(ThrottleCounter).values(**counter("a", context.now)))
        raise ZeroDivisionError


def test_messages_are_swept_every_minute_and_the_expired_go_hourly(app: Flask) -> None:
    hour = datetime(2026, 11, 22, 9, tzinfo=UTC)
    due = [periodic(app, hour + timedelta(minutes=minute)) for minute in range(60)]
    assert all("sweep_messages" in tasks for tasks in due)
    for hourly in ("purge_expired", "verify_audit_log"):
        assert sum(hourly in tasks for tasks in due) == 1


def test_the_worker_sends_what_waits(
    app: Flask, sending: None, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction)
    consumer: Consumer = app.extensions["portal.huey"].create_consumer(workers=1, max_delay=0.1, periodic=False)
    _worker, thread = consumer.worker_threads[0]
    finished = threading.Event()
    app.extensions["portal.huey"].post_execute("finished")(lambda *_result: finished.set())
    try:
        thread.start()
        assert finished.wait(SECONDS)
    finally:
        app.extensions["portal.huey"].unregister_post_execute("finished")
        consumer.stop_flag.set()
        thread.join(SECONDS)
    assert only(reading).status == "sent"


def counter(name: str, moment: datetime) -> dict[str, object]:
    return {"bucket": name, "key_hash": name.encode() * 32, "window_started_at": moment, "attempts": 1}


def test_what_expired_is_deleted_and_the_rest_stays(app: Flask, transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        rows = [counter("a", context.now - timedelta(days=3)), counter("b", context.now)]
        db.session.execute(insert(ThrottleCounter), rows)
    with app.app_context():
        purge.run()
    with reading():
        assert connection().execute(select(ThrottleCounter.bucket)).scalars().all() == ["b"]


def test_every_purge_runs_on_an_empty_database(app: Flask, transaction: Transaction) -> None:
    for run in housekeeping.PURGES.values():
        with transaction() as context:
            assert run(context) == 0
