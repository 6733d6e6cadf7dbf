"""The way to PostgreSQL is cut, or swallows everything while it acknowledges it; between requests and in the middle of
one; and comes back (R13, R14)."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from config import Settings
from portal import create_app
from portal.models import database as connections
from tests.support.client import InvariantClient
from tests.support.databases import Database

# A cut is noticed at once; the bound leaves room for a busy machine, in seconds.
BOUND = 15


class Way:
    """A forwarder between the portal and the database that can be cut, or takes in everything and hands on nothing."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: list[socket.socket] = []
        self.passable = True
        self.silent = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Ends every connection."""
        while self._open:
            _end(self._open.pop())

    def close(self) -> None:
        """Ends the forwarder itself."""
        _end(self._listener)
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if not self.passable:
                    near.close()
                    continue
                far = socket.create_connection(self._target)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._forward, args=(one, other), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while block := source.recv(65536):
                if not self.silent:
                    target.sendall(block)
        _end(source)
        _end(target)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@pytest.fixture
def way(database: Database) -> Iterator[Way]:
    url = make_url(database.url)
    made = Way(url.host or "127.0.0.1", url.port or 5432)
    yield made
    made.close()


@pytest.fixture
def portal(settings: Settings, database: Database, way: Way) -> Flask:
    through = make_url(database.url).set(port=way.port)
    return create_app(replace(settings, database_url=through.render_as_string(hide_password=False)))


@pytest.fixture
def visitor(portal: Flask, settings: Settings) -> InvariantClient:
    return InvariantClient(portal, settings.base_url)


@contextmanager
def held_up(database: Database) -> Iterator[psycopg.Connection]:
    """Whoever counts an attempt waits as long as this lasts."""
    with psycopg.connect(make_url(database.url).set(drivername="postgresql").render_as_string(False)) as connection:
        connection.execute("LOCK TABLE throttle_counter IN ACCESS EXCLUSIVE MODE")
        yield connection
        connection.rollback()


def somebody_waits(connection: psycopg.Connection) -> bool:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    return connection.execute(query).fetchone() != (0,)


def ask(visitor: InvariantClient) -> int:
    return visitor.submit("/forgot-password", email="aino@example.com").status_code


@pytest.mark.postgres
@pytest.mark.security("R13")
def test_a_cut_between_requests_is_not_noticed(visitor: InvariantClient, way: Way) -> None:
    assert ask(visitor) == 303
    way.cut()
    assert ask(visitor) == 303
    assert visitor.get("/readyz").status_code == 200


@pytest.mark.postgres
@pytest.mark.security("R13")
@pytest.mark.expects_log_errors
def test_a_cut_in_the_middle_fails_one_request(visitor: InvariantClient, way: Way, database: Database) -> None:
    with held_up(database) as holding, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, visitor)
        _until(lambda: somebody_waits(holding), "the request does not wait")
        way.cut()
        assert asked.result(BOUND) == 500
    assert ask(visitor) == 303


@pytest.mark.postgres
@pytest.mark.security("R13")
@pytest.mark.expects_log_errors
def test_as_long_as_there_is_no_way_the_portal_is_not_ready(visitor: InvariantClient, way: Way) -> None:
    assert visitor.get("/readyz").status_code == 200
    way.passable = False
    way.cut()
    begun = time.monotonic()
    assert visitor.get("/readyz").status_code == 503
    assert visitor.get("/healthz").status_code == 200
    assert ask(visitor) == 500
    assert time.monotonic() - begun < BOUND
    way.passable = True
    assert visitor.get("/readyz").status_code == 200
    assert ask(visitor) == 303


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request waits for a second, where it would for twenty: no test should."""
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 1.0)


@pytest.mark.postgres
@pytest.mark.security("R14")
@pytest.mark.expects_log_errors
@pytest.mark.usefixtures("hurried")
def test_as_long_as_the_database_is_silent_requests_end_in_time(visitor: InvariantClient, way: Way) -> None:
    assert ask(visitor) == 303
    way.silent = True
    for wanted, question in ((500, lambda: ask(visitor)), (503, lambda: visitor.get("/readyz").status_code)):
        begun = time.monotonic()
        assert question() == wanted
        assert time.monotonic() - begun < BOUND
    assert visitor.get("/healthz").status_code == 200
    way.silent = False
    assert visitor.get("/readyz").status_code == 200
    assert ask(visitor) == 303


@pytest.mark.postgres
@pytest.mark.security("R14")
@pytest.mark.expects_log_errors
@pytest.mark.usefixtures("hurried")
def test_a_database_that_falls_silent_in_the_middle_fails_one_request(
    visitor: InvariantClient, way: Way, database: Database
) -> None:
    with held_up(database) as holding, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, visitor)
        _until(lambda: somebody_waits(holding), "the request does not wait")
        way.silent, begun = True, time.monotonic()
        assert asked.result(BOUND) == 500
        # The server learns that nobody waits for the answer, before the limit of its lock ends the statement anyway.
        _until(lambda: not somebody_waits(holding), "the statement goes on")
        assert time.monotonic() - begun < 12
        way.silent = False
    assert ask(visitor) == 303


@pytest.mark.postgres
@pytest.mark.security("R14")
def test_a_request_waits_longer_for_a_lock_than_for_silence_and_work_longer_still(portal: Flask) -> None:
    """A lock has an answer of its own, and an import or a migration has statements that take their time."""
    with portal.app_context():
        lock = connections.connection().exec_driver_sql("SELECT setting FROM pg_settings WHERE name = 'lock_timeout'")
        assert int(lock.scalar_one()) / 1000 < connections.REQUEST_SECONDS < 60
        assert connections._patience() == connections.WORK_SECONDS >= 3600
    with portal.test_request_context():
        portal.preprocess_request()
        assert connections._patience() == connections.REQUEST_SECONDS


def _until(true: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + BOUND
    while not true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)
