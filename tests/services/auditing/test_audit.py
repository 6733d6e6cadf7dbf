"""The audit log: declared events, one chain, nothing personal, nothing changed afterwards (SECURITY 64, 65; R22)."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from config import ROOT
from portal.models.audit import AuditEvent, AuditSegment
from portal.models.base import db
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.auditing import audit, audit_head, audit_verify
from portal.services.auditing.audit_events import EVENTS
from portal.services.auditing.audit_macs import row_mac
from portal.services.auditing.audit_verify import Verdict
from portal.services.foundation.keys import keys
from portal.services.unit_of_work import unit_of_work
from tests.support.fixtures import Transaction

WRITERS = 50
NOVEMBER = datetime(2026, 11, 30, 21, 59, tzinfo=UTC)


def rows() -> Sequence[AuditEvent]:
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()


def record(transaction: Transaction, now: datetime = NOVEMBER, count: int = 1) -> None:
    with transaction(now=now) as context:
        for _ in range(count):
            audit.record(context, "customer.created", customer_id=7, source="controller")


@pytest.mark.security(65)
def test_each_row_is_tied_to_the_one_before(transaction: Transaction) -> None:
    record(transaction, count=2)
    record(transaction)
    with transaction():
        found = rows()
        assert [row.seq for row in found] == [1, 2, 3]
        assert found[0].previous_mac == audit.GENESIS
        assert [row.previous_mac for row in found[1:]] == [row.mac for row in found[:-1]]
        for row in found:
            columns = {column.name: getattr(row, column.name) for column in row.__table__.columns}
            assert row_mac(keys().audit[0], columns) == row.mac


@pytest.mark.security(65)
@pytest.mark.parametrize("column", [column.name for column in AuditEvent.__table__.columns if column.name != "mac"])
def test_every_column_is_covered_by_the_mac(transaction: Transaction, column: str) -> None:
    record(transaction)
    with transaction():
        (row,) = rows()
        columns: dict[str, Any] = {name.name: getattr(row, name.name) for name in row.__table__.columns}
        assert row_mac(keys().audit[0], {**columns, column: _other(columns[column])}) != row.mac


def _other(value: Any) -> Any:
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    if isinstance(value, dict):
        return {**value, "source": "other"}
    return f"{value}x" if isinstance(value, str) else (value or 0) + 1


@pytest.mark.security(65)
def test_no_two_rows_share_their_bytes_by_moving_a_border(transaction: Transaction) -> None:
    record(transaction)
    with transaction():
        (row,) = rows()
        columns: dict[str, Any] = {name.name: getattr(row, name.name) for name in row.__table__.columns}
        moved = {**columns, "action": "customer.create", "actor_kind": "d" + columns["actor_kind"]}
        assert row_mac(keys().audit[0], moved) != row.mac


@pytest.mark.security(65)
@pytest.mark.parametrize("statement", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"])
def test_the_database_refuses_to_change_or_delete(transaction: Transaction, statement: str) -> None:
    record(transaction, count=2)
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(text(statement))
    with transaction():
        assert [row.action for row in rows()] == ["customer.created"] * 2


@pytest.mark.security(65)
def test_a_whole_month_may_go_once_it_is_marked_as_dropped(transaction: Transaction) -> None:
    record(transaction)
    record(transaction, NOVEMBER + timedelta(days=2))
    with transaction(now=NOVEMBER + timedelta(days=800)) as context:
        segment = db.session.scalars(select(AuditSegment)).one()
        assert (segment.segment, segment.last_seq) == ("2026-11", 1)
        db.session.execute(update(AuditSegment).values(dropped_at=context.now))
        db.session.execute(delete(AuditEvent).where(AuditEvent.segment == "2026-11"))
    with transaction():
        assert [row.seq for row in rows()] == [2]


@pytest.mark.security(65, "R20")
def test_a_clock_set_back_does_not_reopen_a_sealed_month(transaction: Transaction) -> None:
    record(transaction, NOVEMBER + timedelta(days=2))
    record(transaction, NOVEMBER)
    with transaction():
        assert [row.segment for row in rows()] == ["2026-12", "2026-12"]


@pytest.mark.security(65)
def test_the_head_is_kept_outside_the_database(app: Flask, transaction: Transaction) -> None:
    with app.app_context():
        assert audit_head.read_head() is None
    record(transaction, count=3)
    with transaction():
        assert audit_head.read_head() == (3, rows()[-1].mac)


@pytest.mark.security(65)
def test_a_late_writer_does_not_put_an_older_head_in_place(transaction: Transaction) -> None:
    record(transaction, count=3)
    with transaction() as context:
        newest = rows()[-1]
        audit_head.publish_head(context, audit_head.Head(2, b"x" * 32, newest.segment))
        assert audit_head.read_head() == (3, newest.mac)
        stored = json.loads(audit_head.head_path().read_text(encoding="utf-8"))
        assert set(stored) == {"seq", "mac"}


@pytest.mark.security("R22")
def test_fifty_writes_at_once_make_one_chain(app: Flask, transaction: Transaction) -> None:
    begin = Barrier(WRITERS)

    def one(number: int) -> None:
        context = Context(Actor("command"), NOVEMBER, Source.CONTROLLER, f"r{number}")
        begin.wait()
        with app.app_context(), unit_of_work(context):
            audit.record(context, "customer.created", customer_id=number, source="controller")

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(one, range(WRITERS)))
    with transaction() as context:
        found = rows()
        assert [row.seq for row in found] == list(range(1, WRITERS + 1))
        assert [row.previous_mac for row in found[1:]] == [row.mac for row in found[:-1]]
        assert {row.customer_id for row in found} == set(range(WRITERS))
        assert audit_head.read_head() == (WRITERS, found[-1].mac)
        assert audit_verify.verify(context) == Verdict(WRITERS)


@pytest.mark.security(64)
@pytest.mark.parametrize("action", ["customer.unheard_of", ""])
def test_an_event_that_is_not_declared_is_refused(transaction: Transaction, action: str) -> None:
    with pytest.raises(ValueError, match="catalogue"), transaction() as context:
        audit.record(context, action)


@pytest.mark.security(64)
@pytest.mark.parametrize("details", [{}, {"source": "x", "name": "Aino Virtanen"}, {"name": "Aino"}])
def test_details_are_exactly_those_declared(transaction: Transaction, details: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="takes exactly"), transaction() as context:
        audit.record(context, "customer.created", customer_id=1, **details)


@pytest.mark.security(64)
def test_an_employee_who_acts_is_named_by_number(transaction: Transaction) -> None:
    with transaction(Actor("staff", 42)) as context:
        audit.record(context, "staff.customer_opened", customer_id=7, purpose="service", role="customer_care")
    with transaction():
        (row,) = rows()
        assert (row.actor_kind, row.actor_id, row.staff_id, row.customer_id) == ("staff", 42, 42, 7)
        assert row.details == {"purpose": "service", "role": "customer_care"}


@pytest.mark.security(64)
def test_every_event_of_the_catalogue_is_noted_somewhere_and_demanded_by_a_test() -> None:
    """An event that no test names could be lost unnoticed."""
    texts = (ROOT / "portal" / "rules" / "texts", ROOT / "portal" / "services" / "auditing" / "audit_events.py")
    program = _sources("portal", lambda path: texts[0] not in path.parents and path != texts[1])
    tests = _sources("tests", lambda _path: True)
    lost = [action for action in EVENTS if f'"{action}"' not in program or f'"{action}"' not in tests]
    assert lost == []


def _sources(folder: str, wanted: Callable[[Path], bool]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py") if wanted(path))
