"""Every secret is exchanged once, all at the same time, and nothing is lost: sessions, forms, links, passwords, second
factors and remembered browsers go on (SECURITY 67)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from config import GENERATED_SECRETS, Settings
from portal import create_app
from portal.models.base import db
from tests.support import builders
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient
from tests.support.databases import Database
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.factors import digits


def fresh() -> dict[str, str]:
    """A new secret for each purpose."""
    return {name: f"rotated-{name}-0123456789-abcdefghijklmnop" for name in GENERATED_SECRETS}


def running(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def rotated(settings: Settings, database: Database) -> Iterator[Flask]:
    """The portal after the rotation: a new key before each old one."""
    keys: dict[str, Any] = {name: (new, *getattr(settings, name)) for name, new in fresh().items()}
    yield from running(replace(settings, **keys))


@pytest.fixture
def forgotten(settings: Settings, database: Database) -> Iterator[Flask]:
    """The portal with the new keys alone."""
    keys: dict[str, Any] = {name: (new,) for name, new in fresh().items()}
    yield from running(replace(settings, **keys))


@pytest.fixture
def account(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context, email="aino@example.com")


def moved(client: InvariantClient, app: Flask) -> InvariantClient:
    """The same browser, in front of another portal."""
    browser = InvariantClient(app, client.base_url)
    for cookie in (client._cookies or {}).values():
        browser.set_cookie(cookie.key, cookie.value)
    return browser


@pytest.mark.security(67)
def test_a_session_and_the_form_that_was_open_go_on(
    client: InvariantClient, account: MadeAccount, rotated: Flask
) -> None:
    client.log_in(account)
    form = client.get("/account/profile/name")
    after = moved(client, rotated)
    assert after.get("/account").status_code == 200
    assert after.submit_form(form, first_name="Aili").location == "/account/profile"
    changed = after.get("/account/profile")
    assert "Aili" in changed.page_text


@pytest.mark.security(67)
def test_a_password_logs_in_and_is_hashed_anew(
    client: InvariantClient, account: MadeAccount, rotated: Flask, forgotten: Flask
) -> None:
    def opens(app: Flask) -> bool:
        browser = InvariantClient(app, client.base_url)
        return browser.submit("/login", email=account.email, password=PASSWORD).status_code == 303

    assert not opens(forgotten)
    assert opens(rotated)
    # The log-in has renewed the hash: the old pepper may go.
    assert opens(forgotten)


@pytest.mark.security(67)
def test_a_mailed_link_opens(
    client: InvariantClient, account: MadeAccount, reading: Transaction, rotated: Flask, forgotten: Flask
) -> None:
    client.submit("/forgot-password", email=account.email)
    link = Mailbox(reading).latest("reset_password").link
    after, late = InvariantClient(rotated, client.base_url), InvariantClient(forgotten, client.base_url)
    assert late.follow(late.get(link)).status_code == 410
    form = after.follow(after.get(link))
    assert after.submit_form(form, new_password="seitsemän harmaata hanhea lentää").location == "/login"


@pytest.mark.security(67)
def test_a_second_factor_and_a_remembered_browser_go_on(
    client: InvariantClient, new_client: NewClient, account: MadeAccount, transaction: Transaction, rotated: Flask
) -> None:
    remembered = new_client()
    remembered.submit("/login", email=account.email, password=PASSWORD, remember=True)
    remembered.delete_cookie("portal_customer")
    assert moved(remembered, rotated).get("/account").status_code == 200
    with transaction() as context:
        secret = builders.second_factor(context, account.id)
    after = InvariantClient(rotated, client.base_url)
    asked = after.follow(after.submit("/login", email=account.email, password=PASSWORD))
    assert after.submit_form(asked, code=digits(secret)).status_code == 303
    assert after.get("/account").status_code == 200


@pytest.mark.security(67)
def test_an_employee_goes_on_and_logs_in(client: InvariantClient, transaction: Transaction, rotated: Flask) -> None:
    with transaction() as context:
        member = builders.staff(context)
    client.log_in_staff(member)
    assert moved(client, rotated).get("/admin/").status_code == 200
    with transaction() as context:
        other = builders.staff(context)
    assert InvariantClient(rotated, client.base_url).log_in_staff(other).status_code == 200
