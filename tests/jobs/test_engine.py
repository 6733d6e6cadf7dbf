"""The job store: tasks as JSON, the journal that this SQLite is safe with, and no request that fails for it."""

import importlib.util
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from huey import Huey, PostgresHuey, RedisHuey
from huey.exceptions import ConfigurationError

from portal.jobs import Waker, engine, tasks
from portal.models.database import journal_mode

ERRORS_LOCKED = engine.STORE_TIMEOUT + 5


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "jobs.sqlite"


@pytest.fixture
def huey(store: Path) -> Iterator[Huey]:
    built = engine.build(f"sqlite:///{store}")
    yield built
    built.storage.close()


def test_the_store_holds_names_of_tasks_as_json(huey: Huey, store: Path, app: Flask) -> None:
    Waker(huey, tasks.register(huey, app))()
    with closing(sqlite3.connect(store)) as opened:
        ((data,),) = opened.execute("SELECT data FROM task").fetchall()
        assert opened.execute("PRAGMA journal_mode").fetchone() == (journal_mode(),)
    stored = json.loads(data)
    assert [item for item in stored if item] == [stored[0], "portal.jobs.work.carry_out"]


def test_a_task_comes_back_from_the_store(huey: Huey, app: Flask) -> None:
    Waker(huey, tasks.register(huey, app))()
    task = huey.dequeue()
    assert type(task).__name__ == "carry_out"
    assert huey.dequeue() is None


def test_building_connects_to_nothing(store: Path) -> None:
    engine.build(f"sqlite:///{store}")
    assert not store.exists()
    assert isinstance(engine.build("postgresql://nobody@127.0.0.1:1/none"), PostgresHuey)


def test_redis_is_used_where_its_package_is_installed_and_asked_for_elsewhere() -> None:
    if importlib.util.find_spec("redis"):
        assert isinstance(engine.build("redis://127.0.0.1:1/0"), RedisHuey)
    else:
        with pytest.raises(ConfigurationError, match="pip install redis"):
            engine.build("redis://127.0.0.1:1/0")


def test_another_store_is_refused() -> None:
    with pytest.raises(ValueError, match="PORTAL_HUEY_URL"):
        engine.build("mysql://localhost/jobs")


def test_a_locked_store_costs_a_moment_and_a_warning(
    huey: Huey, store: Path, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    wake = Waker(huey, tasks.register(huey, app))
    wake()
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        wake()
        assert time.monotonic() - started < ERRORS_LOCKED
        other.execute("ROLLBACK")
    assert [record.error for record in caplog.records] == ["OperationalError"]  # type: ignore[attr-defined]
    wake()
    assert huey.storage.queue_size() == 2


def test_a_store_that_was_deleted_is_made_anew(huey: Huey, store: Path, app: Flask) -> None:
    wake = Waker(huey, tasks.register(huey, app))
    wake()
    store.unlink()
    wake()
    wake()
    assert store.exists()
    assert huey.storage.queue_size() >= 1
