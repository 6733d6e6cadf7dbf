"""The queue of copies: back-off, giving up, one mail, and the end of a copy with its file."""

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Row, select
from sqlalchemy.exc import OperationalError

from config import Settings
from portal.jobs import copies as job
from portal.jobs import purge
from portal.models.data_copy import DataCopy
from portal.models.database import connection
from portal.models.message import Message
from portal.models.stored_file import StoredFile
from portal.services.data_copy import data_copies, data_copy_queue
from portal.services.data_copy.build import build
from portal.services.data_copy.data_copy_queue import BACK_OFF, failure_code
from tests.support import builders, copies
from tests.support.audited import audited
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context, language="sv")


def only(reading: Transaction) -> Row[Any]:
    with reading():
        return connection().execute(select(DataCopy.__table__)).one()


def broken(error: Exception) -> Any:
    def build(*_arguments: object) -> None:
        raise error

    return build


def test_one_mail_in_the_language_of_the_copy_without_data(
    app: Flask, transaction: Transaction, reading: Transaction, owner: MadeAccount
) -> None:
    copies.ask(transaction, owner.customer_id, "en")
    copies.run(app)
    copies.run(app)
    with reading():
        (mail,) = connection().execute(select(Message.__table__)).all()
    assert (mail.kind, mail.recipient, mail.language) == ("copy_ready", owner.email, "en")
    assert mail.params == {"copy": only(reading).id}


def test_a_customer_without_an_account_gets_no_mail(app: Flask, transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        customer_id = builders.customer(context)
    copies.ask(transaction, customer_id)
    copies.run(app)
    with reading():
        assert connection().execute(select(Message.id)).all() == []
    assert only(reading).state == "ready"


@pytest.mark.security("R16")
@pytest.mark.expects_log_errors
def test_a_full_disk_is_tried_again_and_then_given_up(
    app: Flask,
    settings: Settings,
    transaction: Transaction,
    reading: Transaction,
    owner: MadeAccount,
    monkeypatch: pytest.MonkeyPatch,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    name = copies.ask(transaction, owner.customer_id)
    monkeypatch.setattr(job, "build", broken(OSError(errno.ENOSPC, "no space")))
    for minutes in BACK_OFF:
        copies.run(app)
        row = only(reading)
        assert (row.state, row.last_error) == ("waiting", "disk_full")
        assert timedelta(0) < row.next_attempt_at - datetime.now(UTC) <= timedelta(minutes=minutes)
        time_machine.move_to(row.next_attempt_at)
    copies.run(app)
    assert (only(reading).state, only(reading).last_error) == ("failed", "disk_full")
    assert audited(reading, "copy.failed") == [(owner.customer_id, None, {"reason": "disk_full"})]
    with transaction() as context:
        assert data_copies.find(context, owner.customer_id, name).state == "failed"
        assert data_copy_queue.counts(context) == {"failed": 1}
    # Room was made: the operator puts it back in line, and it counts as one of today's copies no more than once.
    monkeypatch.undo()
    told = app.test_cli_runner().invoke(args=["jobs", "status"]).output
    assert "data copies failed: 1" in told
    assert "1 data copies are waiting again" in app.test_cli_runner().invoke(args=["jobs", "retry"]).output
    copies.run(app)
    assert only(reading).state == "ready"


def test_what_went_wrong_is_told_as_a_code() -> None:
    class Refused(Exception):
        sqlstate = "53100"

    assert failure_code(OperationalError("", {}, Refused())) == "disk_full"
    assert failure_code(OSError(errno.EDQUOT, "")) == "disk_full"
    assert failure_code(PermissionError()) == "not_written"
    assert failure_code(ValueError("Aino Virtanen")) == "not_made"


@pytest.mark.security("R16")
def test_a_failure_in_the_middle_leaves_no_file(
    app: Flask,
    settings: Settings,
    transaction: Transaction,
    reading: Transaction,
    owner: MadeAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copies.ask(transaction, owner.customer_id)
    monkeypatch.setattr("portal.services.data_copy.archive.Archive.end", broken(OSError(errno.ENOSPC, "no space")))
    copies.run(app)
    assert only(reading).state == "waiting"
    assert files(settings) == []


def test_the_second_of_two_workers_throws_its_file_away(
    app: Flask, settings: Settings, transaction: Transaction, reading: Transaction, owner: MadeAccount
) -> None:
    copies.ask(transaction, owner.customer_id)
    with transaction() as context:
        slow = data_copy_queue.claim(context)
    assert slow is not None
    with app.app_context():
        name, late = build(context, slow)
        _, early = build(context, slow)
    with transaction() as context:
        assert data_copy_queue.finish(context, slow, early, name)
    with transaction() as context:
        assert not data_copy_queue.finish(context, slow, late, name)
        data_copy_queue.fail(context, slow, "not_made")
    assert only(reading).state == "ready"
    with reading():
        assert connection().execute(select(Message.kind)).scalars().all() == ["copy_ready"]
        assert connection().execute(select(StoredFile.uuid)).scalars().all() == [early.uuid]


@pytest.mark.expects_log_errors
def test_a_copy_that_kills_each_worker_is_given_up(
    app: Flask,
    transaction: Transaction,
    reading: Transaction,
    owner: MadeAccount,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    copies.ask(transaction, owner.customer_id)
    for _ in range(data_copy_queue.MOST_ATTEMPTS):
        with transaction() as context:
            assert data_copy_queue.claim(context) is not None
        time_machine.move_to(only(reading).claimed_until)
    copies.run(app)
    assert (only(reading).state, only(reading).last_error) == ("failed", "abandoned")


def test_after_fourteen_days_the_file_goes_and_the_row_stays(
    app: Flask,
    settings: Settings,
    transaction: Transaction,
    reading: Transaction,
    owner: MadeAccount,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    copies.ask(transaction, owner.customer_id)
    copies.run(app)
    assert len(files(settings)) == 1
    time_machine.move_to(only(reading).expires_at - timedelta(minutes=1))
    with app.app_context():
        purge.run()
    assert len(files(settings)) == 1
    time_machine.move_to(only(reading).expires_at)
    with app.app_context():
        purge.run()
    assert (only(reading).state, only(reading).file_id) == ("expired", None)
    with reading():
        assert connection().execute(select(StoredFile.id)).all() == []
    assert files(settings) == []


def files(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / "files").iterdir())
