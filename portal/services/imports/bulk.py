"""Many rows at once, as fast as the database's own driver takes them: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from portal.models.base import Base
from portal.models.database import connection


class Bulk:
    """Writes rows in the running transaction."""

    def __init__(self) -> None:
        self._connection: Connection = connection()
        self.postgresql = self._connection.dialect.name == "postgresql"
        self._last_ids: dict[str, int] = {}

    def insert(self, table: type[Base], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows whose values are as the driver takes them; `names` are their columns."""
        if not rows:
            return
        columns = ", ".join(names)
        if self.postgresql:
            cursor = self._connection.connection.cursor()
            try:
                with cursor.copy(f"COPY {table.__tablename__} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            finally:
                cursor.close()
        else:
            marks = ", ".join("?" * len(names))
            statement = f"INSERT INTO {table.__tablename__} ({columns}) VALUES ({marks})"  # noqa: S608 (names of declared tables only)
            self._connection.exec_driver_sql(statement, list(rows))

    def take_ids(self, table: type[Base], count: int) -> list[int]:
        """Row numbers nobody else will use. SQLite's writer is alone; PostgreSQL's come from the table's sequence."""
        if not count:
            return []
        if self.postgresql:
            statement = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
            return list(self._connection.execute(statement, {"name": table.__tablename__, "count": count}).scalars())
        if table.__tablename__ not in self._last_ids:
            found = self._connection.execute(select(func.coalesce(func.max(table.__table__.c.id), 0))).scalar_one()
            self._last_ids[table.__tablename__] = found
        first = self._last_ids[table.__tablename__] + 1
        self._last_ids[table.__tablename__] += count
        return list(range(first, first + count))

    def moment(self, instant: datetime) -> str:
        """An instant as the driver takes it. Both databases are spoken to in UTC."""
        return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def random_uuid(self) -> str:
        """A new random UUID as the driver takes it."""
        made = uuid.UUID(bytes=os.urandom(16), version=4)
        return str(made) if self.postgresql else made.hex
