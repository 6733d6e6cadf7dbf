"""A verification that an employee asks for: in steps, one at a time, and safe from crashes (SECURITY 65)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Row

from portal.jobs import checks
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.message import Message
from portal.models.staff import Staff
from portal.rules.context import Actor
from portal.services.auditing import audit, audit_checks
from tests.services.auditing.test_audit_verify import past_the_triggers, write
from tests.support import builders
from tests.support.fixtures import Transaction


class Killed(BaseException):
    """The process ends here; nothing of the program may catch it."""


@pytest.fixture
def auditor(transaction: Transaction, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """An employee who may ask, over a log of seven events that is followed three at a time."""
    monkeypatch.setattr(audit_checks, "STEP", 3)
    with transaction() as context:
        made = builders.staff(context, "auditor")
        for number in range(7):
            write(context, number)
    return Actor("staff", made.id)


def ask(transaction: Transaction, auditor: Actor) -> None:
    with transaction(auditor) as context:
        audit_checks.ask(context)


def run(app: Flask) -> None:
    with app.app_context():
        checks.run()


def latest(reading: Transaction) -> Row[Any]:
    with reading() as context:
        found = audit_checks.latest(context)
    assert found is not None
    return found


def told(reading: Transaction, action: str) -> list[dict[str, Any]]:
    with reading():
        return [row.details for row in db.session.query(AuditEvent.details).filter_by(action=action)]


def test_it_goes_on_step_by_step_to_the_end(
    app: Flask, transaction: Transaction, reading: Transaction, auditor: Actor
) -> None:
    with reading() as context:
        assert audit_checks.latest(context) is None
    run(app)
    ask(transaction, auditor)
    seen = []
    for _ in range(3):
        seen.append((latest(reading).running, latest(reading).rows))
        run(app)
    done = latest(reading)
    # The event that it was asked for is the eighth.
    assert seen == [(True, 0), (True, 3), (True, 6)]
    assert (done.running, done.rows, done.reason, done.staff_name) == (None, 8, None, "Kaisa Korhonen")
    assert told(reading, "audit.verified") == [{"rows": 8}] and told(reading, "audit.check_asked") == [{}]
    run(app)
    assert told(reading, "audit.verified") == [{"rows": 8}]


def test_the_first_bad_event_is_named_and_logged(
    app: Flask, transaction: Transaction, reading: Transaction, auditor: Actor
) -> None:
    with past_the_triggers(app) as opened:
        opened.exec_driver_sql("UPDATE audit_event SET actor_kind = 'job' WHERE seq = 5")
    ask(transaction, auditor)
    run(app)
    run(app)
    found = latest(reading)
    assert (found.running, found.rows, found.bad_seq, found.reason) == (None, 4, 5, "edited")
    assert told(reading, "audit.broken") == [{"rows": 4, "seq": 5, "reason": "edited"}]
    ask(transaction, auditor)
    assert latest(reading).running
    with reading() as context:
        # The alarm stays while the next check runs.
        assert audit_checks.is_broken(context)


def begin(app: Flask) -> None:
    with app.app_context():
        checks.begin_daily()


def finish(app: Flask) -> None:
    for _ in range(4):
        run(app)


@pytest.mark.security(65)
def test_each_day_one_check_begins_by_itself(
    app: Flask,
    transaction: Transaction,
    reading: Transaction,
    auditor: Actor,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    # In Finland it is two minutes to midnight.
    evening = datetime(2027, 1, 10, 21, 58, tzinfo=UTC)
    time_machine.move_to(evening, tick=False)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: begin(app), range(8)))
    finish(app)
    first = latest(reading)
    assert (first.staff_id, first.staff_name, first.reason, first.running) == (None, None, None, None)
    assert told(reading, "audit.verified") == [{"rows": 7}] and told(reading, "audit.check_asked") == []
    begin(app)
    assert latest(reading).id == first.id
    time_machine.move_to(evening + timedelta(minutes=2), tick=False)
    begin(app)
    assert latest(reading).id != first.id
    with reading() as context:
        # While it runs, the one before it still tells when the log was whole.
        assert audit_checks.ended(context) == (evening, None)


def test_what_an_employee_asked_for_is_the_check_of_the_day(
    app: Flask, transaction: Transaction, reading: Transaction, auditor: Actor
) -> None:
    ask(transaction, auditor)
    finish(app)
    begin(app)
    assert latest(reading).staff_id == auditor.id and not latest(reading).running


@pytest.mark.security(65)
def test_a_broken_log_is_told_to_whoever_may_read_it_in_their_language(
    app: Flask, transaction: Transaction, reading: Transaction, auditor: Actor
) -> None:
    with transaction() as context:
        builders.staff(context, "administrator", email="admin@example.com", language="sv")
        builders.staff(context, "orders", email="orders@example.com")
        builders.staff(context, "auditor", email="closed@example.com", disabled_at=context.now)
        builders.staff(context, "auditor", email="gone@example.com", employment_ends_on=date(2020, 1, 31))
        own = db.session.get_one(Staff, auditor.id).email
    begin(app)
    finish(app)
    assert mails(reading) == []
    with past_the_triggers(app) as opened:
        opened.exec_driver_sql("UPDATE audit_event SET actor_kind = 'job' WHERE seq = 5")
    ask(transaction, auditor)
    finish(app)
    assert latest(reading).reason == "edited"
    assert sorted(mails(reading)) == sorted([(own, "fi"), ("admin@example.com", "sv")])


def mails(reading: Transaction) -> list[tuple[str, str]]:
    with reading():
        rows = db.session.query(Message.recipient, Message.language).filter_by(kind="audit_broken").all()
    return [(row.recipient, row.language) for row in rows]


def test_a_second_wish_is_the_first_one(
    app: Flask, transaction: Transaction, reading: Transaction, auditor: Actor
) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ask(transaction, auditor), range(8)))
    assert len(told(reading, "audit.check_asked")) == 1
    first = latest(reading).id
    for _ in range(3):
        run(app)
    ask(transaction, auditor)
    assert latest(reading).id != first and latest(reading).rows == 0


def test_a_worker_that_dies_costs_one_step(
    app: Flask,
    transaction: Transaction,
    reading: Transaction,
    auditor: Actor,
    monkeypatch: pytest.MonkeyPatch,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    ask(transaction, auditor)
    run(app)

    def die(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(audit_checks, "step", die)
        with pytest.raises(Killed):
            run(app)
    run(app)
    assert (latest(reading).running, latest(reading).rows) == (True, 3)
    time_machine.move_to(latest(reading).claimed_until, tick=False)
    run(app)
    run(app)
    assert (latest(reading).running, latest(reading).rows) == (None, 8)


def test_a_month_that_retention_drops_in_between_is_no_fault(
    app: Flask,
    transaction: Transaction,
    reading: Transaction,
    auditor: Actor,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    ask(transaction, auditor)
    run(app)
    now = latest(reading).requested_at
    time_machine.move_to(datetime(now.year + 2, 7, 1, 12, tzinfo=now.tzinfo), tick=False)
    with transaction() as context:
        write(context, 8)
    with transaction() as context:
        assert audit.drop_old_segments(context) == 8
    assert len(told(reading, "audit.month_dropped")) == 1
    run(app)
    assert (latest(reading).running, latest(reading).reason, latest(reading).rows) == (None, None, 5)
