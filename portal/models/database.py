"""Connections: how both databases are opened, and where a read or a write takes its connection from."""

from __future__ import annotations

import sqlite3
from typing import Any, cast

import psycopg
from flask import Flask, g, has_app_context
from sqlalchemy import Connection, CursorResult, Engine, UpdateBase, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import ConnectionPoolEntry

from portal.models.base import db

WRITE = "portal_write"
BUSY_TIMEOUT_MS = 15_000
# How long a request waits for an answer of PostgreSQL: more than for a lock, which has an answer of its own.
REQUEST_SECONDS = 20.0
# The same outside requests: longer than any step of a migration or an import takes.
WORK_SECONDS = 3600.0
# How long the commit of a hurried transaction waits for readers before it is given up (SQLite's rollback journal).
HURRIED_TIMEOUT_MS = 100
_HURRIED = "portal_hurried"
# Reported for 3.7.0 to 3.51.2: a reset of the write-ahead log can lose a committed transaction (SECURITY R23).
FIRST_SQLITE_WITHOUT_WAL_RESET_BUG = (3, 51, 3)


def engine_options(url: str) -> dict[str, Any]:
    """Options of the engine for `url`; times in seconds."""
    # The text of a database error must not quote the values of a statement (SECURITY 62).
    shared = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return {**shared, "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
    return {
        **shared,
        "pool_pre_ping": True,
        "pool_timeout": 5,
        "connect_args": {
            # A database that is gone without a word is noticed while a statement waits for it.
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            # Without server-side prepared statements PostgreSQL plans for the customer at hand: a generic plan
            # may sort a heavy customer's whole history.
            "prepare_threshold": None,
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
            # The last one: a statement whose asker was given up ends, where nobody would read its answer.
            "options": "-c timezone=UTC -c lock_timeout=15000 -c idle_in_transaction_session_timeout=60000 "
            "-c client_connection_check_interval=5000",
        },
    }


def sqlalchemy_url(url: str) -> str:
    """`postgresql://` as people write it means psycopg 3."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme in ("postgres", "postgresql") else url


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """WAL where this SQLite is known to be safe with it, else the rollback journal."""
    return "wal" if version >= FIRST_SQLITE_WITHOUT_WAL_RESET_BUG else "delete"


def init_app(app: Flask) -> None:
    """Bind `db` to the application and prepare each connection it opens."""
    db.init_app(app)
    app.teardown_appcontext(_close_reader)
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            event.listen(db.engine, "do_connect", _connect_bounded)
            app.before_request(_hurry)
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
            event.listen(db.engine, "checkin", _be_patient_again)


def connection() -> Connection:
    """The connection to read from.

    Inside a transaction it is the transaction's own, so that a read sees what was just written. Otherwise it is one
    connection for each application context, on which every statement is its own transaction.
    """
    if g.get("portal_writing", False):
        return db.session.connection()
    reader: Connection | None = g.get("portal_reader")
    if reader is None:
        reader = g.portal_reader = _open_reader(db.engine)
    return reader


def give_reader_back() -> None:
    """Return the reading connection to the pool before something slow; the next read takes one again."""
    _close_reader(None)


def begin_write(*, hurried: bool = False) -> None:
    """Begin the business transaction. On SQLite it takes the write lock at once: a read that is upgraded later
    would fail or lose an update (SECURITY R11). A `hurried` one does not wait for that lock.

    Raises `RuntimeError` inside another transaction, half of which its commit would make final.
    """
    if g.get("portal_writing", False):
        raise RuntimeError("A transaction was begun inside another: hand the context on instead.")
    # A request that held its reader while it waited for a second connection could starve others that do the same.
    give_reader_back()
    try:
        db.session.connection(execution_options={WRITE: _HURRIED if hurried else WRITE})
    except BaseException:
        # Nothing was begun: whoever goes on, the error page say, must not read from a transaction that is not there.
        end_write()
        raise
    g.portal_writing = True


def end_write() -> None:
    """Forget the transaction after its commit or rollback."""
    g.portal_writing = False
    db.session.remove()


def insert_on_conflict(table: Any) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens where the row is there already (`on_conflict_do_update`,
    `on_conflict_do_nothing`): SQLAlchemy has one for each database."""
    if db.session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def affected(statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE inside the transaction. Returns how many rows it met."""
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount


def _open_reader(engine: Engine) -> Connection:
    if engine.dialect.name == "postgresql":
        return engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    return engine.connect()


def _close_reader(_error: BaseException | None) -> None:
    reader: Connection | None = g.pop("portal_reader", None)
    if reader is not None:
        reader.close()


class BoundedConnection(psycopg.Connection[Any]):
    """A connection whose waiting has an end, also where the other side acknowledges every byte and answers none: there
    neither keep-alives nor the server's own limits help. It is closed then, for its state is unknown.

    The driver has no setting for it; its `wait` is where every statement waits for its answer.
    """

    def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
        """The driver's wait. Raises `psycopg.OperationalError` when it takes longer than it may."""
        options.setdefault("timeout", _patience())
        try:
            return super().wait(gen, *args, **options)
        except psycopg.errors._WaitTimeout:
            self.close()
            raise


def _patience() -> float:
    """How long to wait for an answer, in seconds."""
    return float(g.get("portal_patience", WORK_SECONDS)) if has_app_context() else WORK_SECONDS


def _hurry() -> None:
    """Somebody waits for the answer of this application context."""
    g.portal_patience = REQUEST_SECONDS


def _connect_bounded(_dialect: object, _record: object, arguments: Any, options: Any) -> BoundedConnection:
    return BoundedConnection.connect(*arguments, **options)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions by rules of its own; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute(f"PRAGMA journal_mode = {journal_mode()}")


def _begin_sqlite(connection: Connection) -> None:
    wanted = connection.get_execution_options().get(WRITE)
    if wanted == _HURRIED:
        connection.info[_HURRIED] = True
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    if wanted:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    if wanted == _HURRIED:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {HURRIED_TIMEOUT_MS}")


def _be_patient_again(connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
    """Before a connection that was in a hurry goes to others."""
    if record.info.pop(_HURRIED, False) and connection is not None:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
