"""Visitors who send slowly cost the proxy a connection and the portal nothing (SECURITY 59)."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.support import visitors
from tests.support.production import HOST, Production
from tests.support.visitors import FORM_TYPE, get, head

# Four times as many as the portal has threads.
SLOW = 16
PAUSE = 0.1
# How long fast visitors may take for their pages on a busy machine, in seconds; the slow ones drip on for longer.
BOUND = 30
# How long one who gets no answer waits.
IN_VAIN = 5
LIMIT = 64
HALF_A_BODY = head("POST", "/login", {"Content-Type": FORM_TYPE, "Content-Length": "5000"}) + b"email="

Connect = Callable[[], socket.socket]


def drip(connection: socket.socket, stop: threading.Event) -> None:
    """One byte after the other, never enough of them."""
    try:
        while not stop.wait(PAUSE):
            connection.sendall(b"a")
    except OSError:
        # The other side has had enough of it.
        stop.wait()


@contextmanager
def slow_visitors(connect: Connect, count: int = SLOW) -> Iterator[list[socket.socket]]:
    """Half of them are slow with the head of a request, half with its body."""
    stop = threading.Event()
    with ExitStack() as stack:
        connections = [stack.enter_context(connect()) for _ in range(count)]
        for number, connection in enumerate(connections):
            connection.sendall(HALF_A_BODY if number % 2 else f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode())
        threads = [threading.Thread(target=drip, args=(connection, stop)) for connection in connections]
        for thread in threads:
            thread.start()
        try:
            yield connections
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def straight(host: Production) -> socket.socket:
    """A connection to gunicorn itself, past the proxy."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(IN_VAIN)
    connection.connect(str(host.folder / "web.sock"))
    return connection


def becomes(host: Production, address: str, status: int) -> bool:
    """Whether visitors from an address soon get this answer."""
    deadline = time.monotonic() + BOUND
    while get(host, "/healthz", address=address).status != status:
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


@pytest.mark.security(59)
def test_slow_visitors_delay_nobody(host: Production) -> None:
    with slow_visitors(lambda: visitors.connect(host)):
        time.sleep(10 * PAUSE)
        begun = time.monotonic()
        for path in ("/healthz", "/login", "/privacy-notice", "/healthz"):
            assert get(host, path).status == 200
        assert time.monotonic() - begun < BOUND


def test_without_the_proxy_they_would(host: Production) -> None:
    """What the test above must be able to see."""
    with slow_visitors(lambda: straight(host)):
        time.sleep(10 * PAUSE)
        with straight(host) as hurried:
            hurried.sendall(head("GET", "/healthz"))
            with pytest.raises(TimeoutError):
                hurried.recv(64)


@pytest.mark.security(12, 37, 38, 59)
def test_one_address_cannot_hold_every_connection(host: Production) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(visitors.connect(host, "127.0.0.79")) for _ in range(LIMIT)]
        for connection in held:
            connection.sendall(HALF_A_BODY)
        # Each of them counts once its head is read, and no longer once it is closed.
        assert becomes(host, "127.0.0.79", 429)
        refused = get(host, "/healthz", address="127.0.0.79")
        assert (refused.status, refused.headers["Retry-After"]) == (429, "30")
        assert visitors.proxy_header_problems(refused) == []
        assert get(host, "/healthz", address="127.0.0.80").status == 200
    assert becomes(host, "127.0.0.79", 200)
