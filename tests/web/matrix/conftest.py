"""The world as a fixture, and a throttle that does not stop a matrix half way."""

import copy
import shutil
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import Limit, Settings, Throttles
from portal.models.base import db
from tests.support.databases import Database
from tests.support.fixtures import Transaction
from tests.web.matrix.world import World, build

GENEROUS = Limit(100_000, 300)
NAME = "world"
# What is kept ages: sessions that began eleven minutes before it end four minutes after it, and a test takes its time.
FRESH = timedelta(minutes=1)


class KeptWorld:
    """A world as it was when it was built: to build it takes a second, and to put it back hardly any time."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self._facts: dict[str, Any] = {}
        self._built_at = datetime.min.replace(tzinfo=UTC)

    def of(self, app: Flask, settings: Settings, transaction: Transaction, database: Database) -> World:
        """A world that nobody has touched, in an empty database. A clock that was moved has a world of its own."""
        if not timedelta(0) <= datetime.now(UTC) - self._built_at < FRESH:
            self._keep(build(app, settings.base_url, transaction), settings.data_dir, database)
        with app.app_context():
            db.engine.dispose()
        database.reset(NAME)
        shutil.copytree(self._files, settings.data_dir, dirs_exist_ok=True)
        return World(app, settings.base_url, transaction, **copy.deepcopy(self._facts))

    def _keep(self, world: World, data: Path, database: Database) -> None:
        self._built_at = datetime.now(UTC)
        database.remember(NAME)
        shutil.rmtree(self._files, ignore_errors=True)
        shutil.copytree(data, self._files)
        bound = ("app", "base_url", "transaction")
        self._facts = {item.name: getattr(world, item.name) for item in fields(world) if item.name not in bound}


@pytest.fixture(scope="session")
def kept_world(tmp_path_factory: pytest.TempPathFactory) -> KeptWorld:
    """The world of this worker."""
    return KeptWorld(tmp_path_factory.mktemp("world") / "files")


@pytest.fixture
def world(app: Flask, settings: Settings, transaction: Transaction, database: Database, kept_world: KeptWorld) -> World:
    """A world of its own for each test."""
    return kept_world.of(app, settings, transaction, database)


@pytest.fixture
def no_throttle(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matrix sends more in a second than a person in a day. What the limits do is proven by their own tests."""
    limits = replace(Throttles(), **dict.fromkeys(Throttles.__dataclass_fields__, GENEROUS))
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", limits)
