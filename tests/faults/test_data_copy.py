"""kill -9 in the middle of building a copy: nothing partial is handed out, and the next worker makes one (R6)."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Row, select

from config import ROOT, Settings
from portal.models.data_copy import DataCopy
from portal.models.database import connection
from portal.models.message import Message
from portal.models.stored_file import StoredFile
from portal.rules.errors import NotFound
from portal.services.data_copy import data_copies
from tests.support import builders, copies
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

# The worker says when the first table is in the archive, and then waits for its end.
WORKER = """
import sys, time
from portal import create_app
from portal.jobs import copies
from portal.services.data_copy.archive import Archive

added = Archive.add_file

def stop_after_the_first(archive, name, file):
    added(archive, name, file)
    archive._writer._file.flush()
    print(name, flush=True)
    time.sleep(600)

Archive.add_file = stop_after_the_first
with create_app().app_context():
    copies.run()
"""


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        made = builders.account(context)
        for _ in range(30):
            builders.order(context, made.customer_id)
        return made


def only(reading: Transaction) -> Row[Any]:
    with reading():
        return connection().execute(select(DataCopy.__table__)).one()


def killed_in_the_middle(environment: dict[str, str]) -> None:
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline().startswith(b"csv/")
    worker.send_signal(signal.SIGKILL)
    worker.communicate(timeout=60)
    assert worker.returncode == -signal.SIGKILL


@pytest.mark.security("R6")
def test_a_killed_worker_leaves_nothing_to_download_and_the_next_makes_one(
    app: Flask,
    settings: Settings,
    environment: dict[str, str],
    transaction: Transaction,
    reading: Transaction,
    owner: MadeAccount,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    name = copies.ask(transaction, owner.customer_id)
    killed_in_the_middle(environment)
    assert (only(reading).state, only(reading).file_id) == ("building", None)
    # The beginning of the archive is on the disk, under a name that nothing reads.
    (partial,) = files(settings)
    assert partial.suffix == ".partial"
    assert partial.stat().st_size > 0
    with transaction() as context, pytest.raises(NotFound):
        data_copies.open_file(context, owner.customer_id, name)
    # As long as the claim holds, nobody begins anew.
    copies.run(app)
    assert only(reading).state == "building"
    time_machine.move_to(only(reading).claimed_until)
    copies.run(app)
    copies.run(app)
    assert (only(reading).state, only(reading).attempts) == ("ready", 2)
    with reading():
        assert connection().execute(select(Message.kind)).scalars().all() == ["copy_ready"]
        assert len(connection().execute(select(StoredFile.id)).all()) == 1
    with transaction() as context:
        content = data_copies.open_file(context, owner.customer_id, name).path.read_bytes()
    assert len(copies.Archive.of("", content).rows("orders")) == 30


def files(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / "files").iterdir())
