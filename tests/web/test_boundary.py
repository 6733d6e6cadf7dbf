"""What reaches the application at all: sizes, chunked bodies, lengths, characters (SECURITY 46–49, 58, 61)."""

import io
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from config import Settings
from portal import create_app
from portal.web.boundary import CHUNK, LARGEST_BODY, LARGEST_FORM_PARTS, LONGEST_QUERY, PROXY_CAP
from tests.support.client import InvariantClient

FORM_TYPE = "application/x-www-form-urlencoded"
BLOCK = 64 * 1024


def exchange(live_server: str, head: list[str], body: Iterator[bytes] | None = None) -> bytes:
    """Sends raw bytes to the served application; returns everything it answers. It may stop listening early."""
    split = urlsplit(live_server)
    assert split.hostname
    with socket.create_connection((split.hostname, split.port or 80), timeout=30) as connection:
        lines = [*head, f"Host: {split.netloc}", "Connection: close", "", ""]
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        try:
            for block in body or ():
                connection.sendall(block)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return _read_all(connection)


def _read_all(connection: socket.socket) -> bytes:
    received = b""
    while block := connection.recv(65536):
        received += block
    return received


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def chunks(size: int) -> Iterator[bytes]:
    """A chunked form body of so many bytes."""
    first = b"email="
    left, block = size - len(first), b"a" * BLOCK
    yield b"%x\r\n%s\r\n" % (len(first), first)
    while left > 0:
        part = block[: min(left, BLOCK)]
        yield b"%x\r\n%s\r\n" % (len(part), part)
        left -= len(part)
    yield b"0\r\n\r\n"


@pytest.mark.security(58)
@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 3 * LARGEST_BODY])
def test_a_chunked_body_above_the_cap_is_refused_whole(live_server: str, size: int) -> None:
    head = ["POST /login HTTP/1.1", "Transfer-Encoding: chunked", f"Content-Type: {FORM_TYPE}"]
    assert status_of(exchange(live_server, head, chunks(size))) == 413


@pytest.mark.security(58)
def test_a_chunked_body_below_the_cap_is_read(live_server: str) -> None:
    head = ["POST /login HTTP/1.1", "Transfer-Encoding: chunked", f"Content-Type: {FORM_TYPE}"]
    # The token is missing, so that the form itself is refused.
    assert status_of(exchange(live_server, head, chunks(1000))) == 400


@pytest.mark.security(58)
def test_a_declared_length_above_the_cap_is_refused(live_server: str) -> None:
    head = ["POST /login HTTP/1.1", f"Content-Length: {LARGEST_BODY + 1}", f"Content-Type: {FORM_TYPE}"]
    blocks = iter([b"a" * (LARGEST_BODY + 1)])
    assert status_of(exchange(live_server, head, blocks)) == 413


@pytest.mark.security(58)
@pytest.mark.parametrize("path", ["/login", "/nothing-here", "/admin/login", "/healthz"])
@pytest.mark.parametrize("content_type", [FORM_TYPE, "application/json", "application/octet-stream", ""])
def test_a_stream_without_a_length_is_refused_above_the_cap(
    app: Flask, database: object, settings: Settings, path: str, content_type: str
) -> None:
    """As a server hands on a chunked body that it does not store first. One that fits is judged by the view."""
    for size, refused in ((LARGEST_BODY + 1, True), (3 * LARGEST_BODY, True), (LARGEST_BODY, False), (0, False)):
        status = refuse(app, settings.base_url, Body(size), path, content_type=content_type)
        assert (status == 413) == refused, (size, status)


@pytest.mark.security(61)
@pytest.mark.parametrize(
    "lengths",
    [
        ["Content-Length: 5", "Content-Length: 5"],
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5, 6"],
        ["Content-Length: -5"],
        ["Content-Length: +5"],
        ["Content-Length: 0x5"],
        ["Content-Length: five"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
    ],
    ids=lambda lengths: " & ".join(lengths),
)
def test_duplicate_or_conflicting_lengths_are_a_bad_request(live_server: str, lengths: list[str]) -> None:
    head = ["POST /login HTTP/1.1", f"Content-Type: {FORM_TYPE}", *lengths]
    # The head alone is enough to refuse; bytes that nobody reads could reset the connection before the answer.
    body = iter([b"0\r\n\r\n"]) if "Transfer-Encoding: chunked" in lengths else None
    assert status_of(exchange(live_server, head, body)) == 400


@pytest.mark.security(61)
def test_trace_is_not_answered(live_server: str) -> None:
    answer = exchange(live_server, ["TRACE /login HTTP/1.1", "X-Secret: canary"])
    assert status_of(answer) == 405
    assert b"canary" not in answer


@pytest.mark.security(69)
def test_the_server_does_not_name_itself(live_server: str) -> None:
    head = exchange(live_server, ["GET / HTTP/1.1"]).partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nserver:" not in head
    assert b"waitress" not in head


@pytest.mark.security(49)
def test_a_query_that_is_too_long_is_refused(client: InvariantClient) -> None:
    assert client.get(f"/?q={'a' * (LONGEST_QUERY - 2)}").status_code == 200
    assert client.get(f"/?q={'a' * (LONGEST_QUERY - 1)}").status_code == 414


@pytest.mark.security(58)
def test_a_form_of_too_many_parts_is_refused(client: InvariantClient) -> None:
    part = '--edge\r\nContent-Disposition: form-data; name="field{}"\r\n\r\nx\r\n'
    body = "".join(part.format(number) for number in range(LARGEST_FORM_PARTS + 1)) + "--edge--\r\n"
    response = client.post("/login", data=body, content_type="multipart/form-data; boundary=edge")
    assert response.status_code == 413


@pytest.mark.security(46)
@pytest.mark.parametrize("raw", ["%00", "a%00b", "%ED%A0%80"])
@pytest.mark.parametrize("where", ["value", "name", "form value", "form name"])
def test_what_no_database_holds_is_refused_or_made_harmless(client: InvariantClient, raw: str, where: str) -> None:
    pair = f"{raw}=x" if where.endswith("name") else f"q={raw}"
    if where.startswith("form"):
        response = client.post("/language", data=pair, content_type=FORM_TYPE)
        assert response.status_code == 400
    else:
        # Bytes that are no UTF-8 are decoded to the replacement character, which every database holds.
        assert client.get(f"/?{pair}").status_code == (400 if "%00" in raw else 200)


@pytest.mark.security(46)
def test_an_address_with_a_zero_byte_is_not_there(client: InvariantClient) -> None:
    assert client.get("/orders/a%00b").status_code == 404
    assert client.get("/%00").status_code == 404


class Body(io.RawIOBase):
    """A body of a server that knows its end; it counts what was asked of it, and holds no more than one chunk."""

    def __init__(self, size: int, fails_at: int | None = None) -> None:
        self.size, self.given, self.most, self._fails_at = size, 0, 0, fails_at

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._fails_at is not None and self.given >= self._fails_at:
            raise ValueError("malformed chunk")
        self.most = max(self.most, len(buffer))
        count = min(len(buffer), self.size - self.given)
        buffer[:count] = b"a" * count
        self.given += count
        return count


@pytest.fixture
def behind(settings: Settings, database: object) -> Flask:
    return create_app(replace(settings, proxy_hops=1))


def refuse(portal: Flask, base_url: str, body: Body, path: str, **options: Any) -> int:
    """Sends a body that no view reads; returns the status."""
    said = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    builder = EnvironBuilder(path, base_url, method="POST", **{"content_type": FORM_TYPE, **options})
    environ = {**builder.get_environ(), **said, "wsgi.input": body}
    environ.pop("CONTENT_LENGTH", None)
    _blocks, status, _headers = run_wsgi_app(portal, environ, buffered=True)
    return int(status.split(" ")[0])


@pytest.mark.security(58)
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/login", {}, 413),
        ("/admin/imports", {}, 413),
        ("/login", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/login?" + "q" * (LONGEST_QUERY + 1), {}, 414),
    ],
)
def test_a_refused_body_is_read_to_its_end(
    behind: Flask, settings: Settings, path: str, headers: dict[str, str], status: int
) -> None:
    """Or gunicorn closes over it, and the proxy sees a broken connection in the place of the answer."""
    body = Body(3 * LARGEST_BODY)
    assert refuse(behind, settings.base_url, body, path, headers=headers) == status
    assert body.given == body.size
    assert body.most <= CHUNK


@pytest.mark.security(58)
def test_no_more_is_read_than_the_proxy_lets_through(behind: Flask, settings: Settings) -> None:
    body = Body(3 * PROXY_CAP)
    assert refuse(behind, settings.base_url, body, "/login", headers={"Sec-Fetch-Site": "cross-site"}) == 403
    assert body.given == PROXY_CAP


@pytest.mark.security(58)
def test_a_body_that_breaks_off_changes_no_answer(behind: Flask, settings: Settings) -> None:
    body = Body(LARGEST_BODY, fails_at=CHUNK)
    assert refuse(behind, settings.base_url, body, "/login", headers={"Sec-Fetch-Site": "cross-site"}) == 403


def test_without_a_proxy_a_slow_body_is_left_alone(app: Flask, settings: Settings) -> None:
    body = Body(3 * LARGEST_BODY)
    assert refuse(app, settings.base_url, body, "/login", headers={"Sec-Fetch-Site": "cross-site"}) == 403
    assert body.given == 0
