"""Logs carry codes, numbers and ids, and nothing of what was typed, stored or thrown (SECURITY 41, 60, 62, 63)."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from config import ROOT
from portal.jobs import deliver
from portal.models.account import Account
from portal.models.base import db
from portal.models.staff import Staff
from portal.rules.log_lines import FIELDS, WITHHELD, JsonLines, ReadableLines
from portal.services.foundation import logs
from portal.web import access
from tests.support import builders
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.outbox import write
from tests.support.smtp import SmtpServer

CANARIES = ("kanarialintu", "Kanarialintunen", "kanarialintu-salasana-1234", "+358481231234", "203.0.113.77")


class Captured:
    """What the portal's own handler would write to stderr."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.addFilter(logs.add_context)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def take(self) -> str:
        """What was written since the last time."""
        found = self.text
        self.stream.seek(0)
        self.stream.truncate()
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture(params=[JsonLines, ReadableLines])
def both(request: pytest.FixtureRequest) -> Iterator[Captured]:
    """Everything that is logged at any level, in each of the two formats."""
    yield from capture(request.param())


@pytest.fixture
def sending(app: Flask, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> SmtpServer:
    """The SMTP server that the portal sends to in this test."""
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)
    return smtp_server


@pytest.fixture
def captured() -> Iterator[Captured]:
    yield from capture(JsonLines())


def capture(formatter: logging.Formatter) -> Iterator[Captured]:
    captured = Captured()
    captured.handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(captured.handler)
    yield captured
    root.removeHandler(captured.handler)


def test_a_request_leaves_one_line_without_its_address(client: InvariantClient, captured: Captured) -> None:
    client.get("/login?next=/orders/kanarialintu")
    (line,) = [line for line in captured.lines if line["logger"] == "portal.web.access_log"]
    assert (line["endpoint"], line["method"], line["status"]) == ("auth.login", "GET", 200)
    assert line["duration_ms"] > 0
    assert len(line["request_id"]) == 16
    assert line["time"].endswith("Z")


def test_an_unknown_address_has_no_endpoint(client: InvariantClient, captured: Captured) -> None:
    client.get("/kanarialintu")
    assert captured.lines[-1]["endpoint"] == "-"
    assert "kanarialintu" not in captured.text


def test_what_people_type_reaches_no_log(
    app: Flask, client: InvariantClient, transaction: Transaction, sending: SmtpServer, both: Captured
) -> None:
    with transaction() as context:
        account = builders.account(
            context, email="kanarialintu@example.com", last_name="Kanarialintunen", password=CANARIES[2]
        )
    headers = {"X-Forwarded-For": "203.0.113.77", "Referer": "http://localhost/kanarialintu", "User-Agent": CANARIES[0]}
    client.submit("/forgot-password", email=account.email)
    client.submit("/login", email=account.email, password=CANARIES[2] + "x")
    client.submit("/login", email=account.email, password=CANARIES[2])
    client.get("/account", headers=headers)
    client.get("/orders?q=kanarialintu", headers=headers)
    write(transaction, recipient=account.email)
    sending.refuse("550 5.1.1 kanarialintu@example.com is unknown")
    with app.app_context():
        deliver.run()
    assert f"customer:{account.id}" in both.text
    assert "mail not sent" in both.text
    cookies = [cookie.value for cookie in (client._cookies or {}).values()]
    assert cookies
    for canary in (*CANARIES, "token", *cookies):
        assert canary.casefold() not in both.text.casefold(), canary


@pytest.mark.expects_log_errors
def test_an_unexpected_error_is_a_type_and_a_place(
    app: Flask, client: InvariantClient, captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ValueError("kanarialintu@example.com")

    monkeypatch.setitem(app.view_functions, "public.home", access.public(fail))
    client.get("/")
    (line,) = [line for line in captured.lines if line["level"] == "error"]
    assert (line["error"], line["endpoint"]) == ("ValueError", "public.home")
    assert line["place"].startswith("test_logs.py:") or line["place"].startswith("portal/")
    assert "kanarialintu" not in captured.text


@pytest.mark.expects_log_errors
def test_messages_of_other_packages_lose_their_arguments_and_tracebacks(both: Captured) -> None:
    other = logging.getLogger("some.package")
    try:
        raise KeyError("kanarialintu")
    except KeyError:
        other.exception("could not read %s", "kanarialintu@example.com")
    assert "could not read %s" in both.text
    assert "KeyError" in both.text
    assert "kanarialintu" not in both.text


def test_only_declared_fields_with_codes_are_written(captured: Captured) -> None:
    other = logging.getLogger("portal.try")
    other.warning("try", extra={"kind": "aino@example.com", "count": 3, "email": "kanarialintu@example.com"})
    (line,) = captured.lines
    assert (line["kind"], line["count"]) == (WITHHELD, 3)
    assert "email" not in line
    assert set(line) <= {"time", "level", "logger", "text", *FIELDS}


@pytest.mark.security(63)
def test_every_field_that_is_given_is_declared() -> None:
    """One that is not would be dropped in silence, and with it what the line is about."""
    given = set()
    for path in (ROOT / "portal").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict):
                given |= {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    assert "account" in given
    assert given <= set(FIELDS)


@pytest.mark.security(63)
def test_the_alarm_over_a_hash_names_the_account(
    client: InvariantClient, transaction: Transaction, captured: Captured
) -> None:
    with transaction() as context:
        owner, member = builders.account(context), builders.staff(context)
        db.session.execute(update(Account).values(password_hash="nonsense"))
        db.session.execute(update(Staff).values(password_hash="nonsense"))
    client.submit("/login", email=owner.email, password="väärä")
    client.submit("/admin/login", email=member.email, password="väärä")
    alarms = [line["account"] for line in captured.lines if line["text"] == "a stored password hash cannot be read"]
    assert alarms == [f"customer:{owner.id}", f"staff:{member.id}"]


def test_a_line_break_starts_no_line(both: Captured) -> None:
    logging.getLogger("portal.try").warning("one\r\ntwo\u2028three", extra={"endpoint": "a\nb"})
    assert len(both.text.splitlines()) == 1


def test_a_job_names_its_own_id(app: Flask, transaction: Transaction, sending: SmtpServer, captured: Captured) -> None:
    write(transaction)
    with app.app_context():
        deliver.run()
    (line,) = [line for line in captured.lines if line["text"] == "mail sent"]
    assert (line["kind"], line["attempts"]) == ("password_changed", 1)
    assert line["request_id"]


def test_one_handler_however_many_applications(app: Flask) -> None:
    logs.init_app(app)
    logs.init_app(app)
    assert sum(isinstance(handler, logs.Lines) for handler in logging.getLogger().handlers) == 1
