"""Fixtures for everything that runs in this process: settings, application, database, clients, mail."""

import json
import os
import shutil
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

from config import Settings
from portal import create_app
from portal.models.base import db
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.unit_of_work import unit_of_work
from tests.support.client import InvariantClient
from tests.support.databases import Database, open_database
from tests.support.guards import no_engine_left_open
from tests.support.smtp import SmtpServer

COMMAND = Actor("command")
# How long a served request may take to give its connection back after its answer was read, in seconds.
RETURN_SECONDS = 5
# Published here, and therefore refused in production.
TEST_SECRET_KEY = "test-secret-key-0123456789-abcdefghijkl"
# One company within the EEA and one outside, so that every page shows both.
RECIPIENTS = json.dumps(
    [
        {
            "name": "Testi Konesali Oy",
            "role": "processor",
            "tasks": ["hosting", "mail"],
            "purposes": ["orders", "account_security"],
            "country": "FI",
        },
        {
            "name": "Test Support Ltd",
            "role": "controller",
            "tasks": ["maintenance"],
            "purposes": ["customer_care"],
            "country": "GB",
            "safeguard": "adequacy",
        },
    ]
)

Transaction = Callable[..., AbstractContextManager[Context]]
NewClient = Callable[..., InvariantClient]


@pytest.fixture(scope="session")
def listener() -> Iterator[socket.socket]:
    """The port the application is known by; the live server listens on it when a test asks for one."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


@pytest.fixture(scope="session")
def opened_database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The database of this worker, still without tables."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return open_database(tmp_path_factory.mktemp("database"), os.environ.get("PORTAL_TEST_POSTGRES_URL"), worker)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, listener: socket.socket, opened_database: Database) -> Settings:
    """Settings as the environment would give them, with cheap password hashing and a data folder of their own."""
    environment = {
        "PORTAL_ENV": "testing",
        "PORTAL_SECRET_KEY": TEST_SECRET_KEY,
        "PORTAL_PASSWORD_PEPPER": "test-pepper-0123456789-abcdefghijklmnop",
        "PORTAL_ENCRYPTION_KEYS": "test-encryption-0123456789-abcdefghijkl",
        "PORTAL_TOKEN_KEYS": "test-token-key-0123456789-abcdefghijklm",
        "PORTAL_AUDIT_KEY": "test-audit-key-0123456789-abcdefghijklm",
        "PORTAL_BCRYPT_COST": "4",
        "PORTAL_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "PORTAL_DATABASE_URL": opened_database.url,
        "PORTAL_BASE_URL": f"http://localhost:{listener.getsockname()[1]}",
        "PORTAL_CONTROLLER_CONTACT_PERSON": "Testi Henkilö",
        "PORTAL_RECIPIENTS": RECIPIENTS,
    }
    return Settings.from_environment(environment)


@pytest.fixture(scope="session")
def app(settings: Settings, opened_database: Database) -> Iterator[Flask]:
    """The application, with a migrated database behind it."""
    made = create_app(settings)
    with made.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _need_not_survive_a_power_cut)
        upgrade()
        db.engine.dispose()
    opened_database.remember()
    yield made
    with made.app_context():
        db.engine.dispose()


def _need_not_survive_a_power_cut(connection: sqlite3.Connection, _record: object) -> None:
    # A killed process loses nothing by it, and a test ends before the machine does; waiting for the disk at every
    # commit would take long.
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def database(app: Flask, settings: Settings, opened_database: Database) -> Iterator[Database]:
    """A database as the migrations leave it, for this test alone.

    At the end every connection must have been given back: one that was not holds a session nobody committed.
    """
    with app.app_context():
        own = db.engine
    own.dispose()
    opened_database.reset()
    _empty(settings.data_dir)
    with no_engine_left_open(own):
        yield opened_database
    pool = own.pool
    deadline = time.monotonic() + RETURN_SECONDS
    while pool.checkedout() and time.monotonic() < deadline:  # type: ignore[attr-defined]
        time.sleep(0.01)
    held = pool.checkedout()  # type: ignore[attr-defined]
    assert not held, f"{held} database connections were not given back: a session was left open"


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@pytest.fixture
def new_client(app: Flask, settings: Settings, database: Database) -> NewClient:
    """Makes further browsers: ``new_client(language="sv")``."""

    def make(language: str | None = None) -> InvariantClient:
        client = InvariantClient(app, settings.base_url)
        client.language = language
        return client

    return make


@pytest.fixture
def client(new_client: NewClient) -> InvariantClient:
    """A browser that has not logged in; it checks every answer it gets."""
    return new_client()


@pytest.fixture
def transaction(app: Flask, database: Database) -> Transaction:
    """``with transaction() as context:`` runs services as a command would and commits at the end of the block."""

    @contextmanager
    def begin(
        actor: Actor = COMMAND, *, now: datetime | None = None, source: Source = Source.CONTROLLER
    ) -> Iterator[Context]:
        context = Context(actor, now or datetime.now(UTC), source, "test")
        with app.app_context(), unit_of_work(context):
            yield context

    return begin


@pytest.fixture
def reading(app: Flask, database: Database) -> Transaction:
    """``with reading() as context:`` gives services a place to read from; nothing is committed."""

    @contextmanager
    def begin(
        actor: Actor = COMMAND, *, now: datetime | None = None, source: Source = Source.CONTROLLER
    ) -> Iterator[Context]:
        with app.app_context():
            yield Context(actor, now or datetime.now(UTC), source, "test")
            changed = [*db.session.new, *db.session.dirty, *db.session.deleted]
            assert not changed, f"changed outside a transaction, so it would be lost: {changed}"

    return begin


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A real SMTP server; `url` is what PORTAL_SMTP_URL would be, `messages` what it accepted."""
    server = SmtpServer()
    yield server
    server.stop()
