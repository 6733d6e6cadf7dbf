"""Events that somebody puts beside the chain: the database refuses them, the verifier names them, and the list of the
log shows them (SECURITY 65)."""

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.database import WRITE
from portal.services.auditing import audit, audit_log
from portal.services.auditing.audit_log import Filters
from portal.services.auditing.audit_verify import Verdict
from tests.services.auditing.test_audit_log import walk
from tests.services.auditing.test_audit_verify import Verify, chain, past_the_triggers, verify
from tests.support.fixtures import Transaction

__all__ = ["chain", "verify"]

COLUMNS = ", ".join(column.name for column in AuditEvent.__table__.c if column.name != "seq")
COPY = f"audit_event ({{first}}seq, {COLUMNS}) SELECT {{values}}, {COLUMNS} FROM audit_event WHERE seq = 2"
AT_ZERO, BELOW = ("INSERT INTO " + COPY.format(first="", values=seq) for seq in ("0", "-5"))


def plant(app: Flask, *positions: int) -> None:
    """Copies of the second event at other positions, by somebody who may do everything in the database."""
    table = AuditEvent.__table__
    with past_the_triggers(app) as opened:
        row = dict(opened.execute(select(table).where(table.c.seq == 2)).mappings().one())
        opened.execute(insert(AuditEvent), [{**row, "seq": position} for position in positions])


@pytest.mark.security(65)
@pytest.mark.parametrize("positions", [(0,), (-5,), (0, -5), (-(2**63),)])
def test_an_event_before_the_beginning_is_named(
    chain: None, app: Flask, verify: Verify, positions: tuple[int, ...]
) -> None:
    plant(app, *positions)
    assert verify() == Verdict(0, min(positions), "planted")


@pytest.mark.security(65)
def test_an_event_among_the_months_that_retention_dropped_is_named(
    chain: None, app: Flask, transaction: Transaction, verify: Verify, time_machine: time_machine.TimeMachineFixture
) -> None:
    with app.app_context(), db.engine.connect() as opened:
        row = dict(opened.execute(select(AuditEvent.__table__).where(AuditEvent.seq == 2)).mappings().one())
    time_machine.move_to(datetime(2027, 10, 2, tzinfo=UTC), tick=False)
    with transaction() as context:
        assert audit.drop_old_segments(context) == 3
    assert verify() == Verdict(4)
    with past_the_triggers(app) as opened:
        opened.execute(insert(AuditEvent).values(row))
    assert verify() == Verdict(0, 2, "planted")


@pytest.mark.security(65)
def test_the_list_shows_what_was_planted_and_its_pages_turn(
    chain: None, app: Flask, reading: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(app, 0, -5, -(2**63))
    for size in (1, 2, 3):
        monkeypatch.setattr(audit_log, "PAGE_SIZE", size)
        assert walk(reading, Filters()) == [6, 5, 4, 3, 2, 1, 0, -5, -(2**63)]


def refused(app: Flask, statement: str) -> bool:
    """Whether the database itself refuses a statement, whose transaction would otherwise be committed."""
    with app.app_context(), db.engine.connect().execution_options(**{WRITE: True}) as opened, opened.begin():
        try:
            with opened.begin_nested():
                opened.execute(text(statement))
        except DBAPIError as error:
            return "append-only" in str(error.orig)
        return False


@pytest.mark.security(65)
def test_the_database_refuses_positions_before_the_first(chain: None, app: Flask, verify: Verify) -> None:
    assert [refused(app, statement) for statement in (AT_ZERO, BELOW)] == [True, True]
    assert verify() == Verdict(6)


@pytest.mark.sqlite
@pytest.mark.security(65)
@pytest.mark.parametrize(("first", "values"), [("", "3"), ("rowid, ", "3, 77")])
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_sqlite_replaces_no_event(chain: None, app: Flask, verify: Verify, verb: str, first: str, values: str) -> None:
    assert refused(app, f"{verb} INTO " + COPY.format(first=first, values=values))
    assert verify() == Verdict(6)


@pytest.mark.postgres
@pytest.mark.security(65)
@pytest.mark.parametrize("more", ["", " CASCADE", " RESTART IDENTITY"])
def test_postgresql_truncates_nothing(chain: None, app: Flask, verify: Verify, more: str) -> None:
    assert refused(app, f"TRUNCATE audit_event{more}")
    assert verify() == Verdict(6)
