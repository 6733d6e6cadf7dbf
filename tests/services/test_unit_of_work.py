"""The one transaction: all or nothing, except the denials; the worker is woken after the commit only."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask, g
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.auditing import audit, audit_head
from portal.services.auditing.audit_head import Head
from portal.services.unit_of_work import unit_of_work
from tests.support import builders
from tests.support.databases import Database
from tests.support.fixtures import Transaction


class Broken(Exception):
    """Something went wrong in the middle."""


class Woken:
    """Notes when the worker was woken, and what it could see by then."""

    def __init__(self) -> None:
        self.customers: list[int] = []

    def __call__(self) -> None:
        # A connection of its own sees what is committed and nothing else.
        with db.engine.connect() as connection:
            self.customers.append(connection.scalar(select(func.count()).select_from(Customer)) or 0)


@pytest.fixture
def woken(app: Flask) -> Iterator[Woken]:
    before, found = app.extensions["portal.wake_jobs"], Woken()
    app.extensions["portal.wake_jobs"] = found
    yield found
    app.extensions["portal.wake_jobs"] = before


def change(context: Context) -> None:
    """A row, an audit event, a denial and something for the worker."""
    customer_id = builders.customer(context)
    audit.record(context, "customer.created", customer_id=customer_id, source="controller")
    audit.deny(context, "staff.permission_denied", permission="customers.search")
    g.portal_wake = True


def fail(transaction: Transaction) -> None:
    with transaction() as context:
        change(context)
        raise Broken


def insert_twice(transaction: Transaction) -> None:
    """The second row has the first one's number, which the database notices when it gets it."""
    with transaction() as context:
        change(context)
        first = db.session.scalars(select(Customer)).one()
        db.session.expunge(first)
        db.session.add(Customer(**{**_columns(first), "id": first.id}))


def locked(**_options: object) -> None:
    raise Broken


def nest(transaction: Transaction) -> None:
    with transaction() as context:
        builders.customer(context)
        with unit_of_work(context):
            builders.customer(context)


def stored(transaction: Transaction) -> tuple[int, list[str]]:
    with transaction():
        actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
        return db.session.scalar(select(func.count()).select_from(Customer)) or 0, list(actions)


def test_success_commits_everything_and_then_wakes_the_worker(transaction: Transaction, woken: Woken) -> None:
    with transaction() as context:
        change(context)
        assert woken.customers == []
    assert woken.customers == [1]
    assert stored(transaction) == (1, ["customer.created", "staff.permission_denied"])


@pytest.mark.security(64)
def test_a_rollback_keeps_the_denials_alone_and_wakes_nobody(transaction: Transaction, woken: Woken) -> None:
    with pytest.raises(Broken):
        fail(transaction)
    assert woken.customers == []
    assert stored(transaction) == (0, ["staff.permission_denied"])


@pytest.mark.security(64)
@pytest.mark.expects_log_errors
def test_a_denial_that_cannot_be_written_is_logged_and_hides_no_error(
    transaction: Transaction, reading: Transaction, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def held(*_args: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(audit, "append", held)
    # Not the error of the log: what was refused, and why, is the visitor's to hear.
    with pytest.raises(Broken):
        fail(transaction)
    monkeypatch.undo()
    (line,) = (record for record in caplog.records if record.getMessage() == "denials not written")
    assert (line.__dict__["error"], line.__dict__["count"]) == ("OperationalError", 1)
    with reading():
        assert db.session.execute(select(func.count()).select_from(AuditEvent)).scalar_one() == 0
    # The next transaction begins as if nothing had been.
    with transaction() as context:
        builders.customer(context)


def test_what_was_noted_does_not_leak_into_the_next_transaction(transaction: Transaction, woken: Woken) -> None:
    with pytest.raises(Broken):
        fail(transaction)
    with transaction() as context:
        builders.customer(context)
    assert woken.customers == []
    assert stored(transaction) == (1, ["staff.permission_denied"])


def test_a_failure_at_the_flush_rolls_back_like_any_other(transaction: Transaction, woken: Woken) -> None:
    with pytest.raises(IntegrityError):
        insert_twice(transaction)
    assert stored(transaction) == (0, ["staff.permission_denied"])
    assert woken.customers == []


@pytest.mark.expects_log_errors
def test_what_is_committed_stays_done_when_the_head_cannot_be_written(
    transaction: Transaction, woken: Woken, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_context: Context, _head: Head) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(audit_head, "publish_head", full)
    with transaction() as context:
        change(context)
    assert woken.customers == [1]
    assert stored(transaction)[0] == 1


def test_a_transaction_that_could_not_begin_leaves_the_next_one_alone(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = Context(Actor("command"), datetime.now(UTC), Source.CONTROLLER, "test")
    with app.app_context():
        with monkeypatch.context() as patch:
            patch.setattr(db.session, "connection", locked)
            with pytest.raises(Broken), unit_of_work(context):
                pytest.fail("nothing was begun")
        with unit_of_work(context):
            builders.customer(context)


def test_a_transaction_inside_another_is_refused(transaction: Transaction) -> None:
    with pytest.raises(RuntimeError, match="inside another"):
        nest(transaction)
    assert stored(transaction) == (0, [])


def test_reads_inside_see_what_was_just_written(transaction: Transaction) -> None:
    with transaction() as context:
        customer_id = builders.customer(context)
        found = db.session.scalar(select(Customer.id).where(Customer.id == customer_id))
    assert found == customer_id


def _columns(row: Customer) -> dict[str, object]:
    return {column.name: getattr(row, column.name) for column in Customer.__table__.columns}
