"""Cookies: their names and flags, what is in them, and what becomes of planted ones (SECURITY 18, 19, 29, 39)."""

import base64
import inspect
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from portal import create_app
from portal.models.base import db
from portal.models.session import CustomerSession
from portal.web import cookies as cookie_jar
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.databases import Database
from tests.support.fixtures import NewClient, Transaction


@pytest.fixture
def account(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context, email="aino@example.com", first_name="Aino", last_name="Virtanen")


@pytest.fixture
def secure(settings: Settings, database: Database) -> Iterator[InvariantClient]:
    """A browser of the application as it runs behind HTTPS."""
    made = create_app(replace(settings, base_url="https://localhost"))
    yield InvariantClient(made, "https://localhost")
    with made.app_context():
        db.engine.dispose()


def log_in(client: InvariantClient, account: MadeAccount, *, remember: bool = False) -> PageResponse:
    response = client.submit("/login", email=account.email, password=account.password, remember=remember)
    assert response.status_code == 303
    return response


def cookies(client: InvariantClient) -> dict[str, str]:
    return {cookie.key: cookie.value for cookie in client._cookies.values()} if client._cookies else {}


@pytest.mark.security(39)
def test_over_https_every_cookie_is_bound_to_the_host(
    secure: InvariantClient, account: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        employee = builders.staff(context)
    lines = secure.get("/").headers.getlist("Set-Cookie")
    data = {"csrf_token": secure.csrf_token(), "language": "sv"}
    headers = {"Referer": "https://localhost/"}
    lines += secure.post("/language", data=data, headers=headers).headers.getlist("Set-Cookie")
    lines += log_in(secure, account, remember=True).headers.getlist("Set-Cookie")
    # Taking cookies away is writing them as well.
    away = secure.post("/logout", data={"csrf_token": secure.csrf_token()}, headers=headers)
    lines += away.headers.getlist("Set-Cookie")
    staff: dict[str, Any] = {"email": employee.email, "password": employee.password}
    lines += secure.submit("/admin/login", **staff).headers.getlist("Set-Cookie")
    names = {line.partition("=")[0] for line in lines}
    written = re.findall(r'"(?:__Host-)?(portal_[a-z]+)"', inspect.getsource(cookie_jar))
    areas = [f"portal_{area}" for area in get_args(cookie_jar.Area)]
    assert names == {f"__Host-{name}" for name in (*written, *areas) if name != "portal_cookies"}
    for line in lines:
        parts = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
        assert not [part for part in parts if part.startswith("domain")]


@pytest.mark.security(39)
def test_no_cookie_holds_anything_personal(client: InvariantClient, account: MadeAccount) -> None:
    log_in(client, account)
    client.get("/account")
    for name, value in cookies(client).items():
        for text in readings(value):
            found = [word for word in ("aino", "virtanen", "example.com", "040", "+358") if word in text.lower()]
            assert not found, f"{name} holds {found}"


def readings(value: str) -> list[str]:
    """The value, and what stands in it when it is Flask's signed cookie, which anybody can read."""
    payload = value.lstrip(".").partition(".")[0]
    try:
        raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        raw = zlib.decompress(raw) if value.startswith(".") else raw
    except (ValueError, zlib.error):
        return [value]
    return [value, raw.decode("utf-8", "replace")]


@pytest.mark.security(18)
def test_the_session_cookie_is_random_and_ends_with_the_browser(client: InvariantClient, account: MadeAccount) -> None:
    line = next(
        line for line in log_in(client, account).headers.getlist("Set-Cookie") if line.startswith("portal_customer=")
    )
    assert len(line.split(";")[0].partition("=")[2]) == 43
    assert "max-age" not in line.lower()
    assert "expires" not in line.lower()


@pytest.mark.security(19)
def test_a_planted_session_id_is_not_adopted(
    client: InvariantClient, account: MadeAccount, transaction: Transaction
) -> None:
    client.set_cookie("portal_customer", "p" * 43, domain="localhost")
    log_in(client, account)
    assert cookies(client)["portal_customer"] != "p" * 43
    with transaction():
        assert db.session.scalar(select(func.count()).select_from(CustomerSession)) == 1


@pytest.mark.security(19)
def test_the_token_of_a_form_is_new_after_logging_in_and_out(client: InvariantClient, account: MadeAccount) -> None:
    before = client.csrf_token()
    log_in(client, account)
    assert client.post("/logout", data={"csrf_token": before}).status_code == 400
    inside = client.csrf_token()
    assert client.post("/logout", data={"csrf_token": inside}).status_code == 303
    assert client.post("/language", data={"csrf_token": inside, "language": "sv"}).status_code == 400


@pytest.mark.security(19)
def test_what_was_planted_in_the_form_cookie_is_gone_after_logging_in(
    app: Flask, client: InvariantClient, account: MadeAccount
) -> None:
    client.get("/login")
    with client.session_transaction(base_url=client.base_url) as planted:
        planted["planted"] = "value"
    log_in(client, account)
    client.get("/account")
    with client.session_transaction(base_url=client.base_url) as kept:
        assert "planted" not in kept


@pytest.mark.security(18)
def test_a_copied_cookie_is_worth_nothing_after_logging_out(
    client: InvariantClient, new_client: NewClient, account: MadeAccount
) -> None:
    log_in(client, account)
    stolen = cookies(client)
    client.post("/logout", data={"csrf_token": client.csrf_token()})
    thief = new_client()
    for name, value in stolen.items():
        thief.set_cookie(name, value, domain="localhost")
    assert (thief.get("/account").location or "").startswith("/login")


@pytest.mark.security(29)
def test_the_cookie_of_a_customer_is_none_of_an_employee(client: InvariantClient, account: MadeAccount) -> None:
    log_in(client, account)
    client.set_cookie("portal_staff", cookies(client)["portal_customer"], domain="localhost")
    assert client.get("/admin/").status_code == 404


@pytest.mark.security(18, 46)
@pytest.mark.parametrize("value", ["", "x", "a" * 4000, "%00", "ä", '"; DROP TABLE account', "null"])
@pytest.mark.parametrize("name", ["portal_customer", "portal_staff", "portal_form", "portal_language"])
def test_a_mangled_cookie_is_no_cookie(client: InvariantClient, name: str, value: str) -> None:
    client.set_cookie(name, value, domain="localhost")
    assert client.get("/").status_code == 200
    assert client.get("/account").status_code == 303
    assert client.get("/admin/").status_code == 404
