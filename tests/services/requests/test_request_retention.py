"""The end of an access request: what is declared to be kept for three years is gone after them, and not before."""

import os
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from config import Settings
from portal.jobs import purge as purge_job
from portal.models.access_request import (
    AccessRequest,
    AccessRequestAttachment,
    AccessRequestCheck,
    AccessRequestEvent,
    AccessRequestLetter,
    AccessRequestNote,
)
from portal.models.audit import AuditEvent
from portal.models.base import Base, Personal, db
from portal.models.data_copy import DataCopy
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import NoteKind, State
from portal.rules.register import Retention
from portal.services import housekeeping
from portal.services.data_copy import data_copy_queue
from portal.services.foundation import stored_files
from portal.services.requests import request_retention
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction

# Closed in the evening of 15 January by the clock of UTC, which is the 16th in Helsinki.
CLOSED = datetime(2023, 1, 15, 22, 30, tzinfo=UTC)
LAST_DAY = datetime(2026, 1, 16, 21, 59, tzinfo=UTC)
NEXT_DAY = datetime(2026, 1, 16, 22, 1, tzinfo=UTC)
OF_A_REQUEST = (
    AccessRequest,
    AccessRequestEvent,
    AccessRequestLetter,
    AccessRequestNote,
    AccessRequestAttachment,
    AccessRequestCheck,
    DataCopy,
    StoredFile,
)


@pytest.fixture
def customer_id(transaction: Transaction) -> int:
    with transaction(now=CLOSED) as context:
        return builders.account(context).customer_id


@pytest.fixture
def employee(transaction: Transaction) -> int:
    with transaction(now=CLOSED) as context:
        return builders.staff(context, "privacy").id


def answered(transaction: Transaction, customer_id: int, employee: int, closed: datetime = CLOSED) -> MadeRequest:
    """A request with all that there can be about one: letter, note with a file, searches, a copy whose time is over."""
    with transaction(now=closed) as context:
        request = access_requests.ask(context, customer_id)
        access_requests.lead_to(context, request, employee, State.IN_PROGRESS, State.ANSWERED)
        values = {"kind": NoteKind.INTERNAL.value, "body": "Soitettu.", "written_at": context.now, "staff_id": employee}
        note = insert(AccessRequestNote).values(request_id=request.id, **values).returning(AccessRequestNote.id)
        file_id = stored_files.keep(
            context,
            stored_files.write_bytes(b"a scan"),
            customer_id=customer_id,
            kind="attachment",
            name="liite.txt",
            media_type="text/plain",
        )
        attached = {"note_id": db.session.execute(note).scalar_one(), "file_id": file_id}
        db.session.execute(insert(AccessRequestAttachment).values(**attached))
    with transaction(now=closed + data_copy_queue.LIFE) as context:
        data_copy_queue.expire(context)
    return request


def counts(reading: Transaction) -> dict[str, int]:
    with reading():
        return {
            table.__tablename__: db.session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in OF_A_REQUEST
        }


def on_disk(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / "files").iterdir())


def grow_old(settings: Settings) -> None:
    """Let the files be as old as their rows are."""
    for path in on_disk(settings):
        os.utime(path, (CLOSED.timestamp(), CLOSED.timestamp()))


def test_a_closed_request_goes_whole_when_its_three_years_are_over(
    transaction: Transaction, reading: Transaction, customer_id: int, employee: int
) -> None:
    answered(transaction, customer_id, employee)
    kept = counts(reading)
    assert min(kept.values()) > 0
    with transaction(now=LAST_DAY) as context:
        assert request_retention.purge(context) == 0
    assert counts(reading) == kept
    with transaction(now=NEXT_DAY) as context:
        assert request_retention.purge(context) == 1
    assert set(counts(reading).values()) == {0}
    with transaction(now=NEXT_DAY) as context:
        assert request_retention.purge(context) == 0
    with reading():
        purged = select(AuditEvent.details).where(AuditEvent.action == "access_request.purged")
        assert db.session.execute(purged).scalars().all() == [{"count": 1, "files": 2}]


def test_open_requests_and_later_ones_stay(
    transaction: Transaction, reading: Transaction, customer_id: int, employee: int
) -> None:
    old = answered(transaction, customer_id, employee)
    later = answered(transaction, customer_id, employee, CLOSED + timedelta(days=30))
    with transaction(now=CLOSED) as context:
        open_one = access_requests.enter(context, customer_id, received_on=date(2022, 12, 1))
    with reading():
        repeats = select(AccessRequest.earlier_id).where(AccessRequest.id == later.id)
        assert db.session.execute(repeats).scalar_one() == old.id
    with transaction(now=NEXT_DAY) as context:
        assert request_retention.purge(context) == 1
    with reading():
        left = db.session.execute(select(AccessRequest.id, AccessRequest.earlier_id).order_by(AccessRequest.id)).all()
        assert [tuple(row) for row in left] == [(later.id, None), (open_one.id, None)]
    kept = counts(reading)
    assert (kept["access_request_letter"], kept["access_request_attachment"], kept["stored_file"]) == (1, 1, 2)


def purge_and_fail(transaction: Transaction) -> None:
    with transaction() as context:
        assert request_retention.purge(context) == 1
        raise ZeroDivisionError


def test_files_go_after_the_commit_and_only_then(
    app: Flask,
    settings: Settings,
    transaction: Transaction,
    reading: Transaction,
    customer_id: int,
    employee: int,
) -> None:
    answered(transaction, customer_id, employee)
    with transaction() as context:
        stored_files.sweep(context)
    grow_old(settings)
    kept, files = counts(reading), on_disk(settings)
    with pytest.raises(ZeroDivisionError):
        purge_and_fail(transaction)
    assert (counts(reading), on_disk(settings)) == (kept, files)
    with app.app_context():
        purge_job.run()
        assert on_disk(settings) == []
        purge_job.run()
    assert set(counts(reading).values()) == {0}


def test_the_job_takes_all_batches(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    transaction: Transaction,
    reading: Transaction,
    customer_id: int,
    employee: int,
) -> None:
    for _ in range(5):
        answered(transaction, customer_id, employee)
    for module in (request_retention, housekeeping):
        monkeypatch.setattr(module, "BATCH", 2)
    with transaction() as context:
        assert request_retention.purge(context) == 2
    with app.app_context():
        purge_job.run()
    assert set(counts(reading).values()) == {0}


def test_rows_of_copies_by_self_service_go_three_years_after_their_time(
    transaction: Transaction, reading: Transaction, customer_id: int
) -> None:
    with transaction(now=CLOSED) as context:
        shared = {"customer_id": customer_id, "language": "fi", "attempts": 1, "downloads": 0, "created_at": CLOSED}
        for state, expires_at in (("expired", CLOSED + timedelta(days=14)), ("failed", None), ("waiting", None)):
            row = {"uuid": uuid.uuid4(), "state": state, "expires_at": expires_at}
            db.session.execute(insert(DataCopy).values(**shared, **row))
    for now, gone, left in ((LAST_DAY, 0, 3), (NEXT_DAY, 1, 2), (NEXT_DAY + timedelta(days=14), 1, 1)):
        with transaction(now=now) as context:
            assert data_copy_queue.purge(context) == gone
        assert counts(reading)["data_copy"] == left


def test_everything_about_a_request_is_declared_with_the_same_period() -> None:
    for table in (Base.metadata.tables[name.__tablename__] for name in OF_A_REQUEST):
        declared = [column.info["register"] for column in table.columns]
        periods = {item.retention for item in declared if isinstance(item, Personal)}
        assert periods <= {Retention.LEGAL_CLAIMS}, table.name


def test_every_table_that_leads_to_a_request_is_purged_with_it() -> None:
    leading = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table.name == "access_request" for key in table.foreign_keys)
    }
    assert leading == {table.__tablename__ for table in (AccessRequest, *request_retention.OF_A_REQUEST)}
