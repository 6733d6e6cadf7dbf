"""The verifier names the first bad event, whatever was done to the log, and nothing else (SECURITY 65, 67, R22)."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.exc import DBAPIError

from config import Settings
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.database import WRITE
from portal.rules.context import Context
from portal.services.auditing import audit, audit_head, audit_verify
from portal.services.auditing.audit_macs import row_mac
from portal.services.auditing.audit_verify import Verdict
from portal.services.foundation.keys import keys
from tests.support import builders
from tests.support.databases import Database
from tests.support.fixtures import Transaction

SEPTEMBER, OCTOBER = datetime(2026, 9, 30, 12, tzinfo=UTC), datetime(2026, 10, 1, 12, tzinfo=UTC)
TRIGGERS = ("audit_event_no_update", "audit_event_no_delete", "audit_event_no_replace")

Verify = Callable[[], Verdict]


@pytest.fixture
def chain(transaction: Transaction) -> None:
    """Six events: three of September, which is sealed, and three of October."""
    for number, moment in enumerate([SEPTEMBER] * 3 + [OCTOBER] * 3):
        with transaction(now=moment) as context:
            write(context, number)


def write(context: Context, number: int) -> None:
    audit.record(context, "orders.imported", shop="demo", run=number, added=1, changed=0, customers=0)


@contextmanager
def past_the_triggers(app: Flask) -> Iterator[Connection]:
    """One transaction of somebody who may do everything in the database."""
    with app.app_context(), db.engine.connect().execution_options(**{WRITE: True}) as opened, opened.begin():
        if opened.dialect.name == "postgresql":
            opened.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for name in TRIGGERS:
                opened.execute(text(f"DROP TRIGGER {name}"))
        yield opened


@pytest.fixture(params=["at once", "in steps"])
def verify(request: pytest.FixtureRequest, reading: Transaction, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Verifies in pages of two, so that what lies on a page's edge is tried as well; and left after each event."""
    monkeypatch.setattr(audit_verify, "PAGE", 2)

    def at_once() -> Verdict:
        with reading() as context:
            return audit_verify.verify(context)

    def in_steps() -> Verdict:
        walk = audit_verify.Walk()
        while True:
            with reading() as context:
                verdict = audit_verify.go_on(context, walk, 1)
            if verdict is not None:
                return verdict

    return at_once if request.param == "at once" else in_steps


def test_an_untouched_chain_is_good(chain: None, verify: Verify) -> None:
    assert verify() == Verdict(6)


def test_the_log_of_a_portal_that_nobody_has_used_is_good(database: Database, verify: Verify) -> None:
    assert verify() == Verdict(0)


def test_a_log_that_was_emptied_with_its_head_is_found(app: Flask, transaction: Transaction, verify: Verify) -> None:
    with transaction() as context:
        employee = builders.staff(context)
        audit.record(context, "staff.created", staff_id=employee.id, role="customer_care")
    with past_the_triggers(app) as connection:
        connection.execute(text("DELETE FROM audit_event"))
    with app.app_context():
        audit_head.head_path().unlink()
    assert verify() == Verdict(0, 0, "head_missing")


DROPPED = "UPDATE audit_segment SET dropped_at = sealed_at WHERE segment = '2026-09'"
# A month of long ago that the portal never sealed, with everything of a true seal that can be copied.
FORGED = """INSERT INTO audit_segment (segment, last_seq, head_mac, sealed_at, dropped_at, key_id, mac)
    SELECT '2024-01', event.seq, event.mac, seal.sealed_at, seal.sealed_at, seal.key_id, seal.mac
    FROM audit_event AS event, audit_segment AS seal WHERE event.seq = {seq}"""
SWAP = [f"UPDATE audit_event SET seq = {to} WHERE seq = {was}" for was, to in ((2, 99), (3, 2), (99, 3))]


@pytest.mark.parametrize(
    ("statements", "bad_seq", "reason"),
    [
        (["UPDATE audit_event SET details = replace(details, '2', '7') WHERE seq = 3"], 3, "edited"),
        (["UPDATE audit_event SET details = replace(details, ',', ', ') WHERE seq = 3"], 3, "edited"),
        (["UPDATE audit_event SET details = '{' WHERE seq = 4"], 4, "edited"),
        (["UPDATE audit_event SET action = 'account.login' WHERE seq = 1"], 1, "edited"),
        (["UPDATE audit_event SET occurred_at = '2026-10-01 12:00:00.000001' WHERE seq = 5"], 5, "edited"),
        (["UPDATE audit_event SET actor_kind = 'job', actor_id = 4 WHERE seq = 6"], 6, "edited"),
        (["UPDATE audit_event SET customer_id = 1 WHERE seq = 6"], 6, "edited"),
        (["DELETE FROM audit_event WHERE seq = 1"], 1, "missing"),
        (["DELETE FROM audit_event WHERE seq = 3"], 3, "missing"),
        (["DELETE FROM audit_event WHERE seq IN (3, 4)"], 3, "missing"),
        (["DELETE FROM audit_event WHERE seq = 5", "UPDATE audit_event SET seq = 5 WHERE seq = 6"], 5, "edited"),
        (SWAP, 2, "edited"),
        (["DELETE FROM audit_event WHERE seq = 6"], 6, "cut"),
        (["DELETE FROM audit_event WHERE seq > 3"], 4, "cut"),
        (["DELETE FROM audit_event"], 1, "cut"),
        (["UPDATE audit_segment SET head_mac = previous_mac FROM audit_event WHERE seq = 3"], 3, "seal_forged"),
        (["UPDATE audit_segment SET segment = '2026-08'"], 3, "seal_forged"),
        (["UPDATE audit_segment SET key_id = 'another'"], 3, "unknown_key"),
        ([DROPPED], 3, "seal_forged"),
        ([DROPPED, "DELETE FROM audit_event WHERE segment = '2026-09'"], 3, "seal_forged"),
        ([FORGED.format(seq=6)], 6, "seal_forged"),
        ([FORGED.format(seq=6), "DELETE FROM audit_event"], 6, "seal_forged"),
        ([FORGED.format(seq=2), "DELETE FROM audit_event WHERE seq < 3"], 2, "seal_forged"),
        (["DELETE FROM audit_segment", "DELETE FROM audit_event WHERE segment = '2026-09'"], 1, "missing"),
        (["UPDATE audit_event SET key_id = 'another' WHERE seq = 2"], 2, "unknown_key"),
    ],
)
def test_the_first_bad_event_is_named(
    chain: None, app: Flask, verify: Verify, statements: list[str], bad_seq: int, reason: str
) -> None:
    with past_the_triggers(app) as opened:
        for statement in statements:
            opened.execute(text(statement))
    verdict = verify()
    assert (verdict.bad_seq, verdict.reason) == (bad_seq, reason)
    assert not verdict.ok


@pytest.mark.sqlite
def test_a_time_that_nobody_could_have_written_is_an_edit(chain: None, app: Flask, verify: Verify) -> None:
    with past_the_triggers(app) as opened:
        opened.execute(text("UPDATE audit_event SET occurred_at = 'yesterday' WHERE seq = 4"))
    assert verify() == Verdict(3, 4, "edited")


def test_an_event_that_was_signed_for_another_place_is_found(chain: None, app: Flask, verify: Verify) -> None:
    table = AuditEvent.__table__
    with past_the_triggers(app) as opened:
        forged = dict(opened.execute(select(table).where(table.c.seq == 6)).mappings().one())
        forged["previous_mac"] = bytes(32)
        forged["mac"] = row_mac(keys().audit[0], forged)
        opened.execute(delete(AuditEvent).where(table.c.seq == 6))
        opened.execute(insert(AuditEvent).values(forged))
    assert verify() == Verdict(5, 6, "moved")


def test_the_head_outside_the_database_must_be_there_and_agree(chain: None, settings: Settings, verify: Verify) -> None:
    path = Path(settings.data_dir) / "audit-head.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**stored, "mac": "00" * 32}), encoding="utf-8")
    assert verify() == Verdict(6, 6, "head_differs")
    path.unlink()
    assert verify() == Verdict(6, 6, "head_missing")


def test_events_written_after_the_head_are_good(
    chain: None, settings: Settings, transaction: Transaction, verify: Verify
) -> None:
    path = Path(settings.data_dir) / "audit-head.json"
    before = path.read_text(encoding="utf-8")
    with transaction(now=OCTOBER) as context:
        write(context, 6)
    # A crash between the commit and the writing of the head leaves the head behind the chain.
    path.write_text(before, encoding="utf-8")
    assert verify() == Verdict(7)


def test_keys_rotate(chain: None, app: Flask, transaction: Transaction, verify: Verify) -> None:
    before = app.extensions["portal.keys"]
    new = bytes(range(32))
    try:
        app.extensions["portal.keys"] = replace(before, audit=(new, *before.audit))
        with transaction(now=OCTOBER) as context:
            write(context, 6)
        assert verify() == Verdict(7)
        app.extensions["portal.keys"] = replace(before, audit=(new,))
        # The seal of the third event is looked at first.
        assert verify() == Verdict(0, 3, "unknown_key")
    finally:
        app.extensions["portal.keys"] = before


def test_the_database_itself_refuses_to_change_events(chain: None, app: Flask) -> None:
    for statement in ("UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"):
        with (
            app.app_context(),
            db.engine.connect().execution_options(**{WRITE: True}) as opened,
            pytest.raises(DBAPIError, match="append-only"),
        ):
            opened.execute(text(statement))


def test_a_whole_log_cannot_be_passed_off_as_a_dropped_month(chain: None, app: Flask, verify: Verify) -> None:
    forge = text(FORGED.format(seq=6).replace("2024-01", "2026-10"))
    with app.app_context(), db.engine.connect().execution_options(**{WRITE: True}) as opened, opened.begin():
        # Nobody drops a trigger here: the forged mark lets the events go.
        opened.execute(forge)
        opened.execute(text(DROPPED))
        opened.execute(text("DELETE FROM audit_event"))
    assert not verify().ok
    assert verify().reason == "seal_forged"


@pytest.mark.sqlite
@pytest.mark.parametrize("column", ["sealed_at", "dropped_at", "head_mac", "mac", "segment"])
def test_a_seal_that_nobody_could_have_written_is_forged(chain: None, app: Flask, verify: Verify, column: str) -> None:
    with past_the_triggers(app) as opened:
        opened.execute(text(f"UPDATE audit_segment SET {column} = 'x'"))
    assert verify() == (Verdict(6) if column == "dropped_at" else Verdict(0, 3, "seal_forged"))


def test_a_month_that_retention_dropped_whole_leaves_a_good_chain(
    chain: None, transaction: Transaction, verify: Verify, time_machine: time_machine.TimeMachineFixture
) -> None:
    time_machine.move_to(datetime(2027, 9, 30, tzinfo=UTC), tick=False)
    with transaction() as context:
        assert audit.drop_old_segments(context) == 0
    time_machine.move_to(datetime(2027, 10, 2, tzinfo=UTC), tick=False)
    with transaction() as context:
        assert audit.drop_old_segments(context) == 3
    assert verify() == Verdict(4)


def test_the_head_goes_on_from_a_month_that_is_dropped(
    settings: Settings, transaction: Transaction, verify: Verify, time_machine: time_machine.TimeMachineFixture
) -> None:
    path = Path(settings.data_dir) / "audit-head.json"
    time_machine.move_to(SEPTEMBER, tick=False)
    with transaction() as context:
        write(context, 0)
    september = path.read_text(encoding="utf-8")
    time_machine.move_to(OCTOBER, tick=False)
    with transaction() as context:
        write(context, 1)
    # The head of October could not be written.
    path.write_text(september, encoding="utf-8")
    time_machine.move_to(datetime(2027, 10, 2, tzinfo=UTC), tick=False)
    with transaction() as context:
        assert audit.drop_old_segments(context) == 1
    assert verify() == Verdict(2)
    assert path.read_text(encoding="utf-8") != september


def test_a_signed_mark_does_not_hold_before_the_month_is_old_enough(
    chain: None, transaction: Transaction, verify: Verify, time_machine: time_machine.TimeMachineFixture
) -> None:
    with transaction(now=datetime(2027, 10, 2, tzinfo=UTC)) as context:
        assert audit.drop_old_segments(context) == 3
    assert verify() == Verdict(0, 3, "seal_forged")


@pytest.mark.expects_log_errors
def test_retention_signs_no_mark_on_a_forged_seal(
    chain: None, app: Flask, transaction: Transaction, verify: Verify
) -> None:
    with past_the_triggers(app) as opened:
        opened.execute(text(FORGED.format(seq=6)))
        opened.execute(text("UPDATE audit_segment SET dropped_at = NULL"))
    with transaction() as context:
        assert audit.drop_old_segments(context) == 0
    assert verify() == Verdict(0, 6, "seal_forged")


def test_seals_of_months_long_gone_are_signed_anew_with_the_next_that_goes(
    chain: None, app: Flask, transaction: Transaction, verify: Verify, time_machine: time_machine.TimeMachineFixture
) -> None:
    before = app.extensions["portal.keys"]
    new = bytes(range(32))
    try:
        for month in (10, 11):
            time_machine.move_to(datetime(2027, month, 2, tzinfo=UTC), tick=False)
            app.extensions["portal.keys"] = replace(before, audit=(new, *before.audit))
            with transaction() as context:
                assert audit.drop_old_segments(context) == 3
        app.extensions["portal.keys"] = replace(before, audit=(new,))
        assert verify() == Verdict(2)
    finally:
        app.extensions["portal.keys"] = before
