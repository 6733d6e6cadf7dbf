"""What goes wrong is told in the visitor's words, and nothing else is told (SECURITY 37, 38, 40, 69)."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from config import Settings
from portal.models import database as connections
from tests.support.client import InvariantClient
from tests.support.databases import Database
from tests.web.planted import CANARY, STATUSES, planted_app

# Names of what the program is made of, and traces of where it stopped.
REVEALING = re.compile(
    r"flask|werkzeug|python|jinja|sqlalchemy|sqlite|postgres|psycopg|waitress|gunicorn|traceback|File \"|line \d+|"
    r"ZeroDivision|\d+\.\d+\.\d+",
    re.IGNORECASE,
)
LANGUAGES = ("fi", "sv", "en")
BIG = "a" * 1_000_001


@pytest.fixture
def planted(settings: Settings, database: Database) -> Iterator[Flask]:
    with planted_app(settings) as made:
        yield made


@pytest.fixture
def browser_of(planted: Flask, settings: Settings) -> InvariantClient:
    return InvariantClient(planted, settings.base_url)


@pytest.mark.expects_log_errors
@pytest.mark.security(37, 38, 40, 69)
@pytest.mark.parametrize(("name", "status"), STATUSES.items())
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_is_a_whole_page_in_the_language(
    browser_of: InvariantClient, name: str, status: int, language: str
) -> None:
    browser_of.set_cookie("portal_language", language, domain="localhost")
    browser_of.language = language
    response = browser_of.get(f"/planted/{name}")
    assert response.status_code == status
    assert response.h1
    assert CANARY not in response.get_data(as_text=True)
    assert not REVEALING.search(response.page_text)


@pytest.mark.expects_log_errors
@pytest.mark.security(69)
def test_an_unexpected_error_is_generic_with_the_request_id_and_logged_without_values(
    browser_of: InvariantClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = browser_of.get("/planted/unexpected")
    assert response.status_code == 500
    identifier = response.headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{16}", identifier)
    assert identifier in response.page_text
    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert CANARY not in logged
    assert "ZeroDivisionError" in logged


@pytest.mark.expects_log_errors
@pytest.mark.security(37, 69)
@pytest.mark.parametrize("path", ["/", "/account", "/nothing-here", "/admin/"])
def test_a_database_that_does_not_answer_is_a_whole_page_too(
    client: InvariantClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def gone(_engine: Engine) -> None:
        raise ConnectionError

    for area in ("customer", "staff"):
        client.set_cookie(f"portal_{area}", "whoever", domain="localhost")
    monkeypatch.setattr(connections, "_open_reader", gone)
    response = client.get(path)
    assert response.status_code == 500
    assert response.h1


@pytest.mark.security(69)
@pytest.mark.parametrize(("name", "seconds"), [("busy", 5), ("too_many", 61)])
def test_who_must_wait_is_told_how_long(browser_of: InvariantClient, name: str, seconds: int) -> None:
    assert browser_of.get(f"/planted/{name}").headers["Retry-After"] == str(seconds)


@pytest.mark.security(37, 38, 40, 69)
@pytest.mark.parametrize(
    ("status", "method", "path", "data", "headers"),
    [
        (200, "GET", "/", None, {}),
        (200, "GET", "/static/css/tokens.css", None, {}),
        (303, "GET", "/account", None, {}),
        (303, "GET", "/orders", None, {}),
        (400, "POST", "/login", {}, {}),
        (400, "GET", "/?a=%00", None, {}),
        (403, "POST", "/login", {}, {"Sec-Fetch-Site": "cross-site"}),
        (404, "GET", "/nothing-here", None, {}),
        (404, "GET", "/admin/customers", None, {}),
        (404, "GET", "/static/nothing.css", None, {}),
        (404, "GET", "/static/../config.py", None, {}),
        (405, "PUT", "/login", None, {}),
        (405, "TRACE", "/", None, {}),
        (405, "OPTIONS", "/", None, {}),
        (405, "GET", "/logout", None, {}),
        (413, "POST", "/login", {"email": BIG}, {}),
        (414, "GET", f"/?q={'a' * 5000}", None, {}),
    ],
)
def test_every_status_carries_the_headers(
    client: InvariantClient, status: int, method: str, path: str, data: dict[str, str] | None, headers: dict[str, str]
) -> None:
    response = client.open(path, method=method, data=data, headers=headers)
    assert response.status_code == status
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers
    text = response.page_text if status >= 400 else ""
    assert not REVEALING.search(text)
    response.close()


@pytest.mark.security(37, 69)
def test_a_form_with_errors_is_a_422_with_the_headers(client: InvariantClient) -> None:
    assert client.submit("/login", email="", password="").status_code == 422


@pytest.mark.security(69)
def test_a_method_that_is_not_allowed_names_the_others(client: InvariantClient) -> None:
    assert client.open("/logout", method="GET").headers["Allow"] == "POST"
    assert client.open("/login", method="PUT").headers["Allow"] == "GET, HEAD, POST"


def test_a_refused_form_leads_back_to_its_page(client: InvariantClient) -> None:
    refused = client.post("/login", data={"csrf_token": "forged", "email": "a@example.com", "password": "x"})
    assert refused.status_code == 400
    assert [link["href"] for link in refused.select("main a")] == ["/login", "/"]
    # The log-out has no page of its own to open again.
    assert [link["href"] for link in client.post("/logout", data={}).select("main a")] == ["/"]
