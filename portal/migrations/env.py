"""How migrations run: all in one transaction, on SQLite with foreign keys off and checked before the commit."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from portal.models.base import db
from portal.models.database import WRITE
from portal.models.register import FOREIGN_TABLES

# The trigram indexes of migration 0003 are no part of the models: SQLite's are tables, PostgreSQL's use expressions.
WRITTEN_BY_HAND = {*FOREIGN_TABLES, "ix_customer_search_text_trigram", "ix_orders_number_trigram"}

context_options = {
    "include_name": lambda name, kind, parents: name not in WRITTEN_BY_HAND,
    "target_metadata": db.metadata,
    "render_as_batch": True,
    "compare_type": True,
    "compare_server_default": True,
}


def run(connection: Connection) -> None:
    """Run the migrations on one connection."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Batch mode copies a table and drops the old one; with foreign keys on that would empty its children.
        # The switch has no effect inside a transaction, so it comes before BEGIN.
        _foreign_keys(connection, "OFF")
    # Alembic believes that SQLite commits each statement of a schema by itself. It does not, once BEGIN was sent.
    context.configure(connection=connection, transactional_ddl=True, **context_options)
    with context.begin_transaction():
        context.run_migrations()
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"The migration breaks foreign keys: {broken[:10]}")


def _foreign_keys(connection: Connection, state: str) -> None:
    # Through the driver itself: a statement of SQLAlchemy's would begin a transaction first.
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys = {state}")


if context.is_offline_mode():
    raise RuntimeError("Migrations run against a database; printing SQL is not supported.")

with db.engine.connect() as opened:
    try:
        run(opened.execution_options(**{WRITE: True}))
    finally:
        if opened.dialect.name == "sqlite":
            # Whatever is still begun would swallow the switch, and the pool would hand out a connection without keys.
            opened.rollback()
            _foreign_keys(opened, "ON")
