"""The reset between tests restores what migrations made and nothing else, on both databases."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.support.databases import PostgresDatabase, SqliteDatabase
from tests.support.postgres import cluster
from tests.support.requirement import is_available, skip_or_fail


@pytest.fixture(scope="module")
def maintenance_url() -> Iterator[str]:
    if not is_available("postgres"):
        skip_or_fail("postgres")
    with cluster() as url:
        yield url


def test_a_copied_file_loses_what_a_test_wrote(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path)
    with closing(sqlite3.connect(database.path)) as connection, connection:
        connection.execute("CREATE TABLE thing (name TEXT)")
        connection.execute("INSERT INTO thing VALUES ('from a migration')")
    database.remember()
    with closing(sqlite3.connect(database.path)) as connection, connection:
        connection.execute("INSERT INTO thing VALUES ('from a test')")
    database.reset()
    with closing(sqlite3.connect(database.path)) as connection:
        assert connection.execute("SELECT name FROM thing").fetchall() == [("from a migration",)]


def test_what_is_kept_under_a_name_comes_back_by_it_and_may_be_kept_anew(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path)
    with closing(sqlite3.connect(database.path)) as connection, connection:
        connection.execute("CREATE TABLE thing (name TEXT)")
    database.remember()
    for name in ("first", "second"):
        with closing(sqlite3.connect(database.path)) as connection, connection:
            connection.execute("INSERT INTO thing VALUES (?)", [name])
        database.remember("world")
        database.reset()
        with closing(sqlite3.connect(database.path)) as connection:
            assert connection.execute("SELECT name FROM thing").fetchall() == []
        database.reset("world")
        with closing(sqlite3.connect(database.path)) as connection:
            assert connection.execute("SELECT name FROM thing").fetchall() == [(name,)]
        database.reset()


def test_rows_that_triggers_protect_are_deleted_and_sequences_start_again(maintenance_url: str) -> None:
    database = PostgresDatabase(maintenance_url, "reset")
    with psycopg.connect(database.libpq_url) as connection:
        connection.execute(
            """
            CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
            CREATE TABLE child (id bigserial PRIMARY KEY, parent_id bigint NOT NULL REFERENCES parent);
            INSERT INTO parent (name) VALUES ('from a migration');
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'append only'; END $$;
            CREATE TRIGGER keep BEFORE DELETE ON child FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        )
    database.remember()
    for _ in range(2):
        with psycopg.connect(database.libpq_url) as connection:
            made = connection.execute("INSERT INTO parent (name) VALUES ('from a test') RETURNING id").fetchone()
            child = connection.execute("INSERT INTO child (parent_id) VALUES (2) RETURNING id").fetchone()
        assert (made, child) == ((2,), (1,))
        database.reset()
        with psycopg.connect(database.libpq_url) as connection:
            assert connection.execute("SELECT id, name FROM parent").fetchall() == [(1, "from a migration")]
            assert connection.execute("SELECT count(*) FROM child").fetchone() == (0,)
    for name in ("first", "second"):
        with psycopg.connect(database.libpq_url) as connection:
            connection.execute("INSERT INTO parent (name) VALUES (%s)", [name])
            connection.execute("INSERT INTO child (parent_id) VALUES (2)")
        database.remember("world")
        database.reset()
        database.reset("world")
        with psycopg.connect(database.libpq_url) as connection:
            assert connection.execute("SELECT name FROM parent WHERE id = 2").fetchall() == [(name,)]
            again = connection.execute("INSERT INTO child (parent_id) VALUES (2) RETURNING id").fetchone()
            assert again == (2,)
        database.reset()


def test_a_cluster_ends_with_its_block() -> None:
    if not is_available("postgres"):
        skip_or_fail("postgres")
    with cluster() as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)
