"""The language switch keeps the page, and errors are pages like the others."""

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import expect

from config import Limit, Throttles
from portal.rules.texts import LOCALES, text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.browser import PHONE
from tests.support.fixtures import Transaction

KEPT = ("/orders?q=villa&status=completed", "/account/addresses", "/privacy-notice", "/orders/VK-4001")


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_switch_keeps_the_page(new_walker: NewWalker, transaction: Transaction, script: bool) -> None:
    with transaction() as context:
        owner = builders.account(context)
        builders.order(context, owner.customer_id, external_id="4001")
    walker = new_walker(script=script, width=PHONE)
    log_in(walker, owner.email, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    for path in KEPT:
        walker.open(path)
        for language in ("sv", "en", "fi"):
            walker.switch_language(language)
            expect(walker.page.locator("html")).to_have_attribute("lang", language)
            assert (walker.path, walker.status) == (path, 200)
    expect(walker.page.locator("header [aria-current=true]")).to_have_text("Suomi")


@pytest.mark.browser
def test_the_switch_on_a_form_with_errors_shows_the_form(new_walker: NewWalker) -> None:
    walker = new_walker()
    walker.open("/login?next=/orders")
    walker.press("Log in")
    walker.refused("E-mail address or user name", "Password")
    walker.switch_language("sv")
    walker.sees_page("Log in")
    assert walker.path.startswith("/login")


@pytest.mark.browser
@pytest.mark.parametrize("language", LOCALES)
def test_error_pages(app: Flask, new_walker: NewWalker, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    walker = new_walker(language)
    shows_error(walker, "/nothing-here", 404)
    shows_error(walker, "/orders/%00", 404)
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", replace(Throttles(), login_identifier=Limit(1, 300)))
    for _ in range(2):
        log_in(walker, "somebody@example.com", "wrong")
    expect(walker.page.locator("h1")).to_have_text(text("error.429", language))
    assert walker.status == 429
    walker.check("journey-429")
    walker.page.set_viewport_size({"width": PHONE, "height": 900})
    walker.check("journey-429")


@pytest.mark.browser
@pytest.mark.parametrize("language", LOCALES)
def test_errors_of_a_customer(new_walker: NewWalker, transaction: Transaction, language: str) -> None:
    with transaction() as context:
        owner = builders.account(context)
        builders.order(context, builders.customer(context), external_id="4002")
    walker = new_walker(language, width=PHONE)
    log_in(walker, owner.email, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    shows_error(walker, "/orders?year=soon", 400)
    shows_error(walker, "/orders/VK-4002", 404)
    walker.open("/account/profile/phone")
    walker.page.context.clear_cookies(name="portal_form")
    walker.press("Save")
    expect(walker.page.locator("h1")).to_have_text(text("error.400", language))
    walker.is_told("error.csrf")


def shows_error(walker: Walker, path: str, status: int) -> None:
    """The address answers with the page of this error, in the walker's language, with a way on."""
    walker.open(path)
    expect(walker.page.locator("h1")).to_have_text(text(f"error.{status}", walker.language))
    assert walker.status == status
    walker.check(f"journey-{status}")
    expect(walker.main.get_by_role("link").first).to_be_visible()
