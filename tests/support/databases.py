"""An empty, migrated database before each test, fast: both kinds are migrated once and then only emptied."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

MIGRATION_TABLE = "alembic_version"
# The content that migrations leave.
EMPTY = "empty"


class Database(Protocol):
    """A database that can be put back to how the migrations left it."""

    url: str

    def remember(self, name: str = EMPTY) -> None:
        """Takes the present content as what every test starts from, or, under another name, as what some do."""

    def reset(self, name: str = EMPTY) -> None:
        """Puts that content back. Pooled connections must have been disposed of."""


class SqliteDatabase:
    """A file; the migrated file is kept and copied over."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "portal.sqlite"
        self.url = f"sqlite:///{self.path}"

    def _kept(self, name: str) -> Path:
        return self.path.with_name(f"kept-{name}.sqlite")

    def remember(self, name: str = EMPTY) -> None:
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(self._kept(name))) as target:
            source.backup(target)

    def reset(self, name: str = EMPTY) -> None:
        for suffix in ("-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        # A new file under the old name: a connection that some thread still holds writes to the old one.
        fresh = self.path.with_name("fresh.sqlite")
        shutil.copyfile(self._kept(name), fresh)
        fresh.replace(self.path)


class PostgresDatabase:
    """A database of its own in the cluster of this run.

    Rows are deleted with triggers switched off (append-only tables refuse an ordinary DELETE, and TRUNCATE costs
    far more than deleting a few rows); rows that migrations made are put back from copies in a schema beside.
    """

    def __init__(self, maintenance_url: str, name: str) -> None:
        with psycopg.connect(maintenance_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self.libpq_url = maintenance_url.rpartition("/")[0] + f"/{name}"
        self.url = self.libpq_url.replace("postgresql://", "postgresql+psycopg://")
        self._reset_statements: dict[str, sql.Composed] = {}

    def remember(self, name: str = EMPTY) -> None:
        kept = sql.Identifier(f"kept_{name}")
        with psycopg.connect(self.libpq_url) as connection:
            # What was kept under this name before is of no use: that there is such a schema is no news to anybody.
            connection.execute("SET LOCAL client_min_messages = warning")
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(kept))
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(kept))
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s ORDER BY 1"
            tables = [name for (name,) in connection.execute(query, [MIGRATION_TABLE])]
            statements: list[sql.Composable] = [sql.SQL("SET LOCAL session_replication_role = replica")]
            for table in map(sql.Identifier, tables):
                statements.append(sql.SQL("DELETE FROM public.{}").format(table))
                statements.extend(self._restore(connection, kept, table))
            sequences = "SELECT sequencename, last_value, start_value FROM pg_sequences WHERE schemaname = 'public'"
            for sequence, last, start in connection.execute(sequences):
                restart = sql.SQL("SELECT setval({}::regclass, {}, {})")
                statements.append(
                    restart.format(
                        sql.Literal(f'public."{sequence}"'), sql.Literal(last or start), sql.Literal(bool(last))
                    )
                )
            self._reset_statements[name] = sql.SQL(";").join(statements)

    @staticmethod
    def _restore(
        connection: psycopg.Connection[tuple[object, ...]], kept: sql.Identifier, table: sql.Identifier
    ) -> list[sql.Composable]:
        if connection.execute(sql.SQL("SELECT 1 FROM public.{} LIMIT 1").format(table)).fetchone() is None:
            return []
        names = {"kept": kept, "table": table}
        connection.execute(sql.SQL("CREATE TABLE {kept}.{table} AS TABLE public.{table}").format(**names))
        restore = "INSERT INTO public.{table} OVERRIDING SYSTEM VALUE SELECT * FROM {kept}.{table}"
        return [sql.SQL(restore).format(**names)]

    def reset(self, name: str = EMPTY) -> None:
        assert name in self._reset_statements, "remember() comes first"
        with psycopg.connect(self.libpq_url) as connection:
            # A lock that is still held means a transaction that some test left open: say so, never hang.
            connection.execute("SET LOCAL lock_timeout = '10s'")
            connection.execute(self._reset_statements[name])


def open_database(folder: Path, maintenance_url: str | None, worker: str) -> Database:
    """The database of this run: PostgreSQL when the run has a cluster, else SQLite."""
    if maintenance_url:
        return PostgresDatabase(maintenance_url, f"portal_{worker}")
    return SqliteDatabase(folder)
