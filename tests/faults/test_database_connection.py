"""The way to PostgreSQL is cut, between requests and in the middle of one, and comes back (R13)."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from config import Settings
from portal import create_app
from tests.support.client import InvariantClient
from tests.support.databases import Database

# A cut is noticed at once; the bound leaves room for a busy machine, in seconds.
BOUND = 15


class Way:
    """A forwarder between the portal and the database that can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: list[socket.socket] = []
        self.passable = True
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
                    threading.Thread(target=_forward, args=(one, other), daemon=True).start()


def _forward(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(65536):
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
        deadline = time.monotonic() + BOUND
        while not somebody_waits(holding):
            assert time.monotonic() < deadline, "the request does not wait"
            time.sleep(0.05)
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
