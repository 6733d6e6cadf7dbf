"""The shipped nginx before the shipped gunicorn: what reaches the portal, and what does not (SECURITY 17, 58–61)."""

import re
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from config import ROOT
from portal import create_app
from portal.models.base import db
from portal.models.session import ThrottleCounter
from portal.services.foundation.keys import lookup_hash
from portal.web.boundary import LARGER_BODIES, LARGEST_BODY, PROXY_CAP
from tests.support import visitors
from tests.support.production import HOST, Production
from tests.support.visitors import FORM_TYPE, get, head, send

CAP, LARGER_CAP = 1024**2, 51 * 1024**2
FORM = {"Content-Type": FORM_TYPE}
CANARY = "kanarialintu"
REFUSED = "could not be accepted"


def chunked(size: int) -> bytes:
    """A chunked body of so many bytes."""
    return b"%x\r\n%s\r\n0\r\n\r\n" % (size, b"a" * size)


@pytest.mark.security(58)
@pytest.mark.parametrize("size", [CAP + 1, 3 * CAP])
def test_a_body_above_the_cap_is_refused(host: Production, size: int) -> None:
    declared = head("POST", "/login", {**FORM, "Content-Length": str(size)}) + b"a" * size
    streamed = head("POST", "/login", {**FORM, "Transfer-Encoding": "chunked"}) + chunked(size)
    for message in (declared, streamed):
        answer = send(host, message)
        assert (answer.status, "X-Request-Id" in answer.headers) == (413, False)
        assert REFUSED in answer.body.decode()
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.security(58)
@pytest.mark.parametrize(("size", "status"), [(1000, 400), (LARGEST_BODY, 400), (LARGEST_BODY + 1, 413), (CAP, 413)])
def test_the_portal_judges_a_body_up_to_the_cap(host: Production, size: int, status: int) -> None:
    """The form has no token, so that one which is read is refused for that."""
    declared = head("POST", "/login", {**FORM, "Content-Length": str(size)}) + b"a" * size
    streamed = head("POST", "/login", {**FORM, "Transfer-Encoding": "chunked"}) + chunked(size)
    for message in (declared, streamed):
        answer = send(host, message)
        assert (answer.status, "X-Request-Id" in answer.headers) == (status, True)


@pytest.mark.security(58)
@pytest.mark.parametrize("endpoint", LARGER_BODIES)
def test_where_files_are_sent_more_is_let_through(host: Production, app: Flask, endpoint: str) -> None:
    with app.test_request_context():
        rule = next(iter(app.url_map.iter_rules(endpoint)))
        path = re.sub(r"<[^>]+>", "x", rule.rule)
    for size, status in ((LARGER_BODIES[endpoint], 100), (LARGER_CAP + 1, 413)):
        with visitors.connect(host) as connection:
            connection.sendall(head("POST", path, {**FORM, "Content-Length": str(size), "Expect": "100-continue"}))
            assert int(connection.recv(64).split(b" ")[1]) == status


@pytest.mark.security(30, 58)
def test_a_body_that_nobody_reads_is_refused(host: Production) -> None:
    """A stranger sends a file where employees do: it is refused unread, and the answer arrives on a busy host."""
    size = 20 * CAP
    for path in ("/admin/imports", "/admin/nothing-here"):
        messages = [
            head("POST", path, {**FORM, "Content-Length": str(size)}) + b"a" * size,
            head("POST", path, {**FORM, "Transfer-Encoding": "chunked"}) + chunked(size),
        ]
        with ThreadPoolExecutor(8) as visitors_at_once:
            answers = list(visitors_at_once.map(lambda message: send(host, message), messages * 4))
        assert {(answer.status, "X-Request-Id" in answer.headers) for answer in answers} == {(413, True)}


def test_no_more_is_read_of_it_than_the_proxy_lets_through() -> None:
    caps = re.findall(r"client_max_body_size (\d+)m;", (ROOT / "deploy" / "nginx" / "portal.conf").read_text())
    assert max(int(cap) for cap in caps) * CAP == PROXY_CAP == LARGER_CAP


@pytest.mark.security(61)
@pytest.mark.parametrize(
    "lengths", ["Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nTransfer-Encoding: chunked"]
)
def test_conflicting_lengths_are_a_bad_request(host: Production, lengths: str) -> None:
    answer = send(host, f"POST /login HTTP/1.1\r\nHost: {HOST}\r\n{lengths}\r\n\r\n".encode())
    assert (answer.status, "X-Request-Id" in answer.headers) == (400, False)


@pytest.mark.security(17)
@pytest.mark.parametrize("named", ["evil.test", f"{HOST}.evil.test", f"evil.{HOST}", "127.0.0.1"])
def test_an_unknown_host_gets_no_answer(host: Production, named: str) -> None:
    assert send(host, head("GET", "/", {"Host": named})).status == 0
    with pytest.raises(ssl.SSLError):
        visitors.connect(host, name=named)
    assert get(host, "/").status == 200


@pytest.mark.security(60)
def test_what_a_visitor_says_about_its_address_changes_nothing(host: Production) -> None:
    names = ("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "X-Forwarded-Host", "X-Forwarded-Port")
    forged = dict.fromkeys(names, "203.0.113.9")
    forged |= {"Forwarded": "for=203.0.113.9;host=evil.test", "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/x"}
    answer = visitors.log_in_wrongly(host, "127.0.0.77", forged)
    assert answer.status == 422
    assert b"evil.test" not in answer.body
    assert "Secure" in get(host, "/login", forged).headers["Set-Cookie"]
    portal = create_app(host.settings)
    with portal.app_context():
        rows = db.session.execute(select(ThrottleCounter.key_hash).where(ThrottleCounter.bucket == "login_address"))
        counted = set(rows.scalars())
        db.session.remove()
        assert counted == {lookup_hash("throttle", "login_address", "log-in", "127.0.0.77/32")}
        db.engine.dispose()
    assert "203.0.113.9" not in visitors.written(host)


@pytest.mark.security(41)
def test_no_log_names_a_visitor_or_what_an_address_holds(host: Production, app: Flask) -> None:
    """Every address of the portal that has a part of its own, tokens of mailed links among them."""
    paths = [re.sub(r"<[^>]+>", CANARY, rule.rule) for rule in app.url_map.iter_rules() if rule.arguments]
    assert f"/admin/invite/{CANARY}" in paths
    assert f"/reset-password/{CANARY}" in paths
    odd = ["//" + paths[0], f"/RESET-PASSWORD/{CANARY}", f"/%72eset-password/{CANARY}", f"/aino@example.com-{CANARY}"]
    telling = {"Referer": f"https://{HOST}/{CANARY}", "User-Agent": CANARY, "Cookie": f"a={CANARY}"}
    for path in [*paths, *odd, f"/orders?q={CANARY}", f"/{quote('ä' + CANARY)}"]:
        assert get(host, path, telling, "127.0.0.78").status in (200, 303, 400, 403, 404)
    # What nginx itself refuses, with the canary in the line, in a header and in the path.
    for bad in (
        f"GET /{CANARY} HTTP/9.9",
        f"{CANARY} / HTTP/1.1",
        f"GET /reset-password/{CANARY} HTTP/1.1\r\n{CANARY}",
    ):
        send(host, bad.encode() + f"\r\nHost: {HOST}\r\n\r\n".encode(), "127.0.0.78")
    logs = visitors.written(host)
    assert '"page":"/reset-password"' in logs
    assert '"page":"/admin/invite"' in logs
    assert CANARY not in logs.lower()
    assert "127.0.0.78" not in logs


@pytest.mark.security(40)
def test_only_static_files_are_kept(host: Production) -> None:
    first, second = get(host, "/static/css/base.css"), get(host, "/static/css/base.css?fresh")
    assert first.headers["Cache-Control"] == second.headers["Cache-Control"] == "public, max-age=86400"
    logged = re.findall(r'"page":"/static","status":200,.*?"portal_seconds":"([^"]*)"', visitors.written(host))
    # The second came out of the proxy's cache: the portal took no part in it.
    assert logged[-1] == ""
    assert first.body == second.body
    assert "Set-Cookie" not in first.headers
    packed = get(host, "/static/css/base.css", {"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    for path in ("/", "/login", "/nothing-here"):
        pages = [get(host, path, {"Accept-Encoding": "gzip"}) for _ in range(2)]
        assert {page.headers["Cache-Control"] for page in pages} == {"no-store"}
        assert len({page.headers["X-Request-Id"] for page in pages}) == 2
        # Packing secrets together with what others chose would tell them by the length.
        assert "Content-Encoding" not in pages[0].headers


@pytest.mark.security(38, 69)
def test_headers_are_the_portals_and_name_no_version(host: Production) -> None:
    for path in ("/login", "/static/css/base.css", "/nothing-here"):
        headers = get(host, path).headers
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert headers["Server"] == "nginx"
    with closing(visitors.connect(host)) as connection:
        connection.sendall(head("GET", "/login"))
        received = connection.recv(65536).decode().lower()
    assert received.count("\r\ncontent-security-policy:") == 1


# What nginx refuses before the portal sees it, each by its status.
REFUSED_BY_NGINX = {
    400: f"GET / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: x",
    405: f"TRACE / HTTP/1.1\r\nHost: {HOST}",
    413: f"POST /login HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {2 * CAP}",
    414: f"GET /{'a' * 10_000} HTTP/1.1\r\nHost: {HOST}",
    501: f"POST /login HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: gzip",
    505: f"GET / HTTP/2.9\r\nHost: {HOST}",
}


@pytest.mark.security(37, 38, 61, 69)
@pytest.mark.parametrize("status", REFUSED_BY_NGINX)
def test_what_nginx_itself_answers_has_the_headers_too(host: Production, status: int) -> None:
    answer = send(host, f"{REFUSED_BY_NGINX[status]}\r\n\r\n".encode())
    assert (answer.status, "X-Request-Id" in answer.headers) == (status, False)
    assert REFUSED in answer.body.decode()
    assert visitors.proxy_header_problems(answer) == []


def test_plain_http_leads_to_the_portals_own_address(host: Production) -> None:
    answer = visitors.send_plainly(host, head("GET", "/login?next=/orders"))
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/login?next=/orders")
    assert visitors.send_plainly(host, head("GET", "/", {"Host": "evil.test"})).status == 0
