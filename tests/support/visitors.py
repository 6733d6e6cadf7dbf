"""Visitors of a production host who say byte for byte what they send, from any address of loopback."""

import re
import secrets
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPResponse
from urllib.parse import urlencode

from portal.web.headers import HEADERS, STRICT_TRANSPORT
from tests.support.production import HOST, Production

FORM_TYPE = "application/x-www-form-urlencoded"
TOKEN = re.compile(rb'name="csrf_token" (?:type="hidden" )?value="([^"]+)"')
# How long an answer may take before a test gives up, in seconds; far above what a busy machine needs.
PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    """What came back. Status 0: the connection was closed without a word."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


def connect(host: Production, address: str = "127.0.0.1", name: str = HOST) -> socket.socket:
    """A TLS connection from an address of loopback to a host name."""
    plain = socket.create_connection(("127.0.0.1", host.https), PATIENCE, source_address=(address, 0))
    return host.trust().wrap_socket(plain, server_hostname=name)


def head(method: str, path: str, headers: dict[str, str] | None = None) -> bytes:
    """The beginning of a request, up to its body."""
    fields = {"Host": HOST, "Connection": "close", **(headers or {})}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def read(connection: socket.socket) -> Answer:
    """The answer on a connection."""
    response = HTTPResponse(connection)
    try:
        response.begin()
    except ConnectionError:
        return Answer(0, b"")
    cookies = dict(line.partition(";")[0].split("=", 1) for line in response.headers.get_all("Set-Cookie") or ())
    return Answer(response.status, response.read(), dict(response.headers), cookies)


def send(host: Production, message: bytes, address: str = "127.0.0.1") -> Answer:
    """Sends bytes as a whole and reads the answer; the other side may stop listening before."""
    with connect(host, address) as connection:
        with suppress(ConnectionError):
            connection.sendall(message)
        return read(connection)


def get(host: Production, path: str, headers: dict[str, str] | None = None, address: str = "127.0.0.1") -> Answer:
    """Opens an address."""
    return send(host, head("GET", path, headers), address)


def log_in_wrongly(host: Production, address: str, headers: dict[str, str], email: str = "aino@example.com") -> Answer:
    """Sends the form of the log-in with a password that is wrong, as a browser does."""
    page = get(host, "/login", headers, address)
    found = TOKEN.search(page.body)
    assert found, "the page has no form"
    form = {"csrf_token": found[1].decode(), "email": email, "password": "väärä salasana tässä"}
    body = urlencode(form).encode()
    sent = {
        **headers,
        "Content-Type": FORM_TYPE,
        "Content-Length": str(len(body)),
        "Cookie": "; ".join(f"{name}={value}" for name, value in page.cookies.items()),
        "Referer": f"https://{HOST}/login",
    }
    return send(host, head("POST", "/login", sent) + body, address)


def send_plainly(host: Production, message: bytes) -> Answer:
    """The same over plain HTTP."""
    with socket.create_connection(("127.0.0.1", host.http), PATIENCE) as connection:
        connection.sendall(message)
        return read(connection)


def written(host: Production) -> str:
    """The logs, once they hold the lines of every answer so far: the proxy writes them in order."""
    last = "".join(secrets.choice("abcdefghijk") for _ in range(20))
    get(host, f"/{last}")
    deadline = time.monotonic() + PATIENCE
    while f'"page":"/{last}"' not in host.logs():
        assert time.monotonic() < deadline, "the proxy writes no log"
        time.sleep(0.02)
    return host.logs()


def proxy_header_problems(answer: Answer) -> list[str]:
    """What an answer of nginx's own lacks of the portal's headers; its policy allows nothing at all."""
    directives = ("default-src", "form-action", "frame-ancestors", "base-uri")
    expected = {
        **HEADERS,
        "Content-Security-Policy": "; ".join(f"{name} 'none'" for name in directives),
        "Strict-Transport-Security": STRICT_TRANSPORT,
        "Cache-Control": "no-store",
        "Server": "nginx",
    }
    given = {name: answer.headers.get(name) for name in expected}
    return [f"{name}: {value}" for name, value in given.items() if value != expected[name]]
