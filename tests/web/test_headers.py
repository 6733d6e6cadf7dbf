"""The headers of every answer, to the letter (SECURITY 37, 38, 40)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from config import Settings
from portal import create_app
from portal.models.base import db
from tests.support.client import InvariantClient
from tests.support.databases import Database

POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}


@pytest.fixture
def secure(settings: Settings, database: Database) -> Iterator[Flask]:
    """The application as it runs behind HTTPS."""
    made = create_app(replace(settings, base_url="https://localhost"))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.mark.security(37)
@pytest.mark.parametrize("path", ["/", "/login", "/nothing-here", "/static/css/tokens.css"])
def test_the_content_policy(client: InvariantClient, path: str) -> None:
    response = client.get(path)
    lines = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    assert {name: sources for name, *sources in lines} == POLICY
    response.close()


@pytest.mark.security(38)
def test_strict_transport_where_the_portal_is_reached_over_https(secure: Flask, client: InvariantClient) -> None:
    over_https = InvariantClient(secure, "https://localhost")
    assert over_https.get("/").headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert over_https.get("/nothing").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/").headers


@pytest.mark.security(38)
def test_the_token_check_works_over_https_with_the_referrer_policy(secure: Flask) -> None:
    over_https = InvariantClient(secure, "https://localhost")
    token = over_https.csrf_token()
    data = {"csrf_token": token, "language": "sv", "next": "/"}
    sent = over_https.post("/language", data=data, headers={"Referer": "https://localhost/"})
    assert sent.status_code == 303
    elsewhere = over_https.post("/language", data=data, headers={"Referer": "https://evil.test/"})
    assert elsewhere.status_code == 400
    assert over_https.get("/").headers["Referrer-Policy"] == "same-origin"


@pytest.mark.security(40)
def test_pages_are_never_stored_and_files_are(client: InvariantClient) -> None:
    for path in ("/", "/login", "/privacy-notice", "/nothing", "/account"):
        assert client.get(path).headers["Cache-Control"] == "no-store"
    kept = client.get("/static/css/tokens.css")
    assert kept.headers["Cache-Control"].startswith("public, max-age=")
    assert "Set-Cookie" not in kept.headers
    kept.close()


@pytest.mark.security(40)
def test_logging_out_clears_what_the_browser_kept_and_no_cookies(client: InvariantClient) -> None:
    response = client.post("/logout", data={"csrf_token": client.csrf_token()})
    assert response.status_code == 303
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.security(38)
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/account", 303),
        ("POST", "/login", 400),
        ("GET", "/nothing-here", 404),
        ("GET", "/admin/customers", 404),
        ("PUT", "/login", 405),
        ("TRACE", "/login", 405),
        ("GET", f"/?q={'a' * 20_000}", 414),
        ("GET", "/static/css/tokens.css", 200),
    ],
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ],
)
def test_each_protective_header_stands_on_every_kind_of_answer(
    secure: Flask, method: str, path: str, status: int, name: str, value: str
) -> None:
    answer = InvariantClient(secure, "https://localhost").open(path, method=method)
    assert (answer.status_code, answer.headers.getlist(name)) == (status, [value])
