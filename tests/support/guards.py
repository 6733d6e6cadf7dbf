"""Things no test may do unnoticed: talk to the outside, log an error, leave a transaction open."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event

# 0.0.0.0 and the empty name stand for this machine, too.
LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "")  # noqa: S104 - nothing listens there


class OutsideWorld(RuntimeError):
    """A test tried to reach something other than this machine."""


@contextmanager
def only_loopback() -> Iterator[None]:
    """Refuses connections and name look-ups that leave the machine."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host: object) -> None:
        if isinstance(host, bytes):
            host = host.decode()
        if host is not None and host not in LOOPBACK:
            raise OutsideWorld(f"a test tried to reach {host!r}")

    def checked_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            check(address[0])
        connect(self, address)

    def checked_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family != socket.AF_UNIX:
            check(address[0])
        return connect_ex(self, address)

    def checked_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        check(host)
        return look_up(host, *args, **kwargs)

    with (
        patch.object(socket.socket, "connect", checked_connect),
        patch.object(socket.socket, "connect_ex", checked_connect_ex),
        patch.object(socket, "getaddrinfo", checked_look_up),
    ):
        yield


@contextmanager
def no_engine_left_open(own: Engine) -> Iterator[None]:
    """Closes the connections of every further application that a test has made: forgotten ones would be reported as
    the fault of whichever test runs when they are swept up."""
    used: WeakSet[Engine] = WeakSet()

    def remember(connection: Connection) -> None:
        used.add(connection.engine)

    event.listen(Engine, "engine_connect", remember)
    try:
        yield
    finally:
        event.remove(Engine, "engine_connect", remember)
        for engine in used:
            if engine is not own:
                engine.dispose()


class ErrorLog(logging.Handler):
    """Collects records of level ERROR and above."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1]:
            text += f" ({record.exc_info[0].__name__ if record.exc_info[0] else ''}: {record.exc_info[1]})"
        self.lines.append(text)


@contextmanager
def error_log(*names: str) -> Iterator[ErrorLog]:
    """Listens to the root logger and to those named, which may not pass their records on."""
    handler = ErrorLog()
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in names)]
    silent = [logger for logger in loggers if logger.name == "root" or not logger.propagate]
    for logger in silent:
        logger.addHandler(handler)
    try:
        yield handler
    finally:
        for logger in silent:
            logger.removeHandler(handler)
