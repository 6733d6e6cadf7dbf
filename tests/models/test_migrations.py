"""Every migration goes up and down with data in the tables, and its head is what the models say (R19, R23)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, inspect, select

from config import Settings
from portal.models.base import Base, db
from portal.models.database import BUSY_TIMEOUT_MS, journal_mode
from portal.models.register import FOREIGN_TABLES
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.auditing import audit, audit_verify
from portal.services.auditing.audit_verify import Verdict
from portal.services.foundation import readiness
from portal.services.unit_of_work import unit_of_work
from tests.support import builders

BY_HAND = {*FOREIGN_TABLES, "ix_customer_search_text_trigram", "ix_orders_number_trigram"}
MIGRATIONS = Path(__file__).resolve().parents[2] / "portal" / "migrations"


def revisions() -> list[str]:
    """Every migration, the first one first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def shape(connection: Connection) -> dict[str, object]:
    """Columns, checks, indexes, keys and triggers of every table, as the database tells them."""
    found: dict[str, object] = {}
    inspector = inspect(connection)
    for table in sorted(set(inspector.get_table_names()) - BY_HAND):
        found[table] = {
            "columns": [(item["name"], str(item["type"]), item["nullable"]) for item in inspector.get_columns(table)],
            "checks": sorted((str(item["name"]), _squeeze(item)) for item in inspector.get_check_constraints(table)),
            "unique": sorted(tuple(item["column_names"]) for item in inspector.get_unique_constraints(table)),
            "keys": sorted(
                (*item["constrained_columns"], item["referred_table"]) for item in inspector.get_foreign_keys(table)
            ),
            "indexes": sorted(
                str(item["name"]) for item in inspector.get_indexes(table) if item["name"] not in BY_HAND
            ),
        }
    return found


def _squeeze(check: Mapping[str, Any]) -> str:
    return "".join(str(check["sqltext"]).split())


def triggers(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.exec_driver_sql(query).scalars())


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds."""
    with app.app_context(), db.engine.connect() as connection:
        present = set(inspect(connection).get_table_names())
        return {
            table.name: len(connection.execute(select(*table.primary_key)).all())
            for table in Base.metadata.sorted_tables
            if table.name in present
        }


def context_of_now() -> Context:
    return Context(Actor("command"), datetime.now(UTC), Source.CONTROLLER, "test")


def fill(app: Flask) -> None:
    """Rows that refer to each other, an audit event among them."""
    context = context_of_now()
    with app.app_context():
        with unit_of_work(replace(context, now=context.now - timedelta(days=40))) as earlier:
            audit.record(earlier, "orders.imported", shop="demo", run=1, added=1, changed=0, customers=0)
        _fill(context)


def _fill(context: Context) -> None:
    with unit_of_work(context):
        account = builders.account(context)
        builders.order(context, account.customer_id, shipping=590)
        builders.staff(context)
        audit.record(context, "customer.created", customer_id=account.customer_id, source="controller")


def looks(app: Flask) -> tuple[dict[str, object], set[str]]:
    with app.app_context(), db.engine.connect() as connection:
        return shape(connection), triggers(connection)


@pytest.mark.security("R19")
@pytest.mark.usefixtures("database")
def test_each_migration_goes_down_and_up_again_with_data(empty: Flask) -> None:
    with empty.app_context():
        upgrade()
    fill(empty)
    before, looked = rows(empty), looks(empty)
    filled = ("customer", "orders", "order_line", "audit_event", "audit_segment", "customer_search")
    assert min(before[name] for name in filled) > 0
    with empty.app_context():
        for revision in revisions()[-2::-1]:
            downgrade(revision=revision)
            assert {name: before[name] for name in rows(empty)} == rows(empty)
        for revision in revisions()[1:]:
            upgrade(revision=revision)
    assert rows(empty) == before
    assert looks(empty) == looked
    with empty.app_context():
        # The seal of the finished month was signed anew.
        assert audit_verify.verify(context_of_now()) == Verdict(2)
    with empty.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.sqlite
@pytest.mark.security("R19", 21, 23)
@pytest.mark.usefixtures("database")
def test_a_program_that_migrated_keeps_its_foreign_keys(empty: Flask) -> None:
    with empty.app_context():
        upgrade()
        downgrade(revision=revisions()[-2])
        upgrade()
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.sqlite
@pytest.mark.security("R19")
@pytest.mark.usefixtures("database")
@pytest.mark.expects_log_errors
def test_migrations_that_would_break_a_foreign_key_leave_nothing_behind(
    empty: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with empty.app_context():
        upgrade(revision=revisions()[1])
        before = looks(empty)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql(
                "INSERT INTO staff_search VALUES ('key', 7, 'customer', '', '2026-01-01 00:00:00')"
            )
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        with pytest.raises(SystemExit):
            upgrade()
        assert "breaks foreign keys: [('staff_search'" in caplog.text
        assert looks(empty) == before
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.security("R19")
@pytest.mark.usefixtures("database")
def test_the_first_migration_goes_down_to_nothing_and_up_again(empty: Flask) -> None:
    with empty.app_context():
        upgrade()
    looked = looks(empty)
    with empty.app_context():
        downgrade(revision="base")
    assert rows(empty) == {}
    with empty.app_context():
        upgrade()
    assert looks(empty) == looked


@pytest.mark.security("R19")
@pytest.mark.usefixtures("database")
def test_the_head_is_what_the_models_say(app: Flask, empty: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        options = {"include_name": lambda name, _kind, _parents: name not in BY_HAND, "compare_type": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
        assert found == []
    with empty.app_context():
        # A comparison of the whole DDL sees what the tool above does not: a changed CHECK.
        Base.metadata.create_all(db.engine)
    assert looks(empty)[0] == looks(app)[0]


@pytest.mark.security("R19")
@pytest.mark.usefixtures("database")
def test_a_schema_that_is_not_the_program_s_is_not_ready(empty: Flask) -> None:
    context = context_of_now()
    with empty.app_context():
        assert not readiness.is_ready(context)
        upgrade(revision=revisions()[0])
    with empty.app_context():
        assert not readiness.is_ready(context)
        upgrade()
    with empty.app_context():
        assert readiness.is_ready(context)


@pytest.mark.security(65)
@pytest.mark.usefixtures("database")
def test_the_triggers_of_the_audit_log_are_there(app: Flask) -> None:
    assert [name for name in looks(app)[1] if name.startswith("audit_event_")]


@pytest.mark.security("R23")
@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 7, 0), "delete"),
        ((3, 40, 1), "delete"),
        ((3, 51, 2), "delete"),
        ((3, 51, 3), "wal"),
        ((3, 52, 0), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_the_write_ahead_log_is_used_where_it_is_safe(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode


@pytest.mark.sqlite
@pytest.mark.security("R11", "R23")
@pytest.mark.usefixtures("database")
def test_every_connection_is_opened_with_what_the_portal_relies_on(app: Flask, settings: Settings) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == journal_mode()
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_TIMEOUT_MS
