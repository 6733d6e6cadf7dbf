"""One state of the register for a long read that holds up nobody (decision 19).

PostgreSQL keeps the state by itself: a read-only transaction with cursors on the server. SQLite with the rollback
journal lets nobody commit while a reader reads, so there the rows are first copied, in one short reading transaction,
into temporary tables of the reader's own connection, and read from those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, CursorResult, Engine, MetaData, Row, Select, Table, insert, select, text

from portal.models.base import db

# Rows that are in memory at once.
BATCH = 500
Statements = Mapping[str, Select[Any]]


class Snapshot:
    """The rows of several statements, all of the same moment."""

    def __init__(self, connection: Connection, statements: Statements, bound: Mapping[str, Any]) -> None:
        self._connection = connection
        self._statements = statements
        self._bound = dict(bound)
        self._open: list[CursorResult[Any]] = []

    def batches(self, name: str) -> Iterator[Sequence[Row[Any]]]:
        """The rows of one statement, in its order, a few at a time."""
        streaming = self._connection.execution_options(stream_results=True, max_row_buffer=BATCH)
        result = streaming.execute(self._statements[name], self._bound)
        self._open.append(result)
        yield from result.partitions(BATCH)

    def close(self) -> None:
        """Give up what was not read to its end, before the connection goes."""
        for result in self._open:
            result.close()


@contextmanager
def snapshot(statements: Statements, bound: Mapping[str, Any]) -> Iterator[Snapshot]:
    """``with snapshot({"orders": select(…)}, {"subject_id": 7}) as rows:`` reads all statements at one moment."""
    engine = db.engine
    opened = _copied(engine, statements, bound) if engine.dialect.name == "sqlite" else _kept(engine, statements, bound)
    with opened as found:
        try:
            yield found
        finally:
            found.close()


@contextmanager
def _kept(engine: Engine, statements: Statements, bound: Mapping[str, Any]) -> Iterator[Snapshot]:
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        yield Snapshot(connection, statements, bound)


@contextmanager
def _copied(engine: Engine, statements: Statements, bound: Mapping[str, Any]) -> Iterator[Snapshot]:
    with engine.connect() as connection:
        # Never given back to the pool: closing it is what deletes the temporary tables, whatever happens here.
        connection.detach()
        connection.exec_driver_sql("BEGIN")
        copies = {name: _copy(connection, name, statement, bound) for name, statement in statements.items()}
        connection.exec_driver_sql("COMMIT")
        yield Snapshot(connection, copies, {})


def _copy(
    connection: Connection, name: str, statement: Select[tuple[Any, ...]], bound: Mapping[str, Any]
) -> Select[tuple[Any, ...]]:
    """Copy the rows of a statement; returns the select that reads the copy in the order of the statement."""
    columns = [Column(column.name, column.type) for column in statement.selected_columns]
    table = Table(f"copied_{name}", MetaData(), *columns, prefixes=["TEMPORARY"])
    table.create(connection)
    connection.execute(insert(table).from_select(table.columns.keys(), statement), dict(bound))
    return select(table).order_by(text("rowid"))
