"""The privacy pages in a real browser: both widths, three languages, and without JavaScript."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import insert

from portal.models.access_request import AccessRequestNote
from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.access_requests import NoteKind
from portal.rules.context import Actor
from portal.rules.register import Source
from portal.services.register import customer_openings, provenance
from tests.support import access_requests, builders
from tests.support.browser import DESKTOP, PHONE, NewPage, check_page
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

NAMES = {"fi": "Tietosuoja", "sv": "Dataskydd", "en": "Privacy"}
PAGES = {
    "/privacy": "privacy",
    "/privacy/activity": "privacy-activity",
    "/privacy/activity?show=views": "privacy-views",
    "/privacy/requests/access-request-note": "privacy-notes",
    "/privacy/requests/access-request-check": "privacy-searches",
    "/privacy/purchase/orders": "privacy-orders",
    "/privacy/security_log/audit-event": "privacy-log",
}

# A third of the height at which everything stands unfolded.
SHORT = {DESKTOP: 4200, PHONE: 6800}


@pytest.fixture
def customer(live_server: str, transaction: Transaction) -> MadeAccount:
    """A customer with orders, changes and an employee's view."""
    now = datetime.now(UTC)
    with transaction(now=now - timedelta(days=200)) as context:
        made = builders.account(context, email="aino@example.com", source="registration")
        employee = builders.staff(context)
        for n in range(22):
            builders.order(context, made.customer_id, shipping=590, placed_at=now - timedelta(days=n))
    with transaction(Actor("staff", employee.id), now=now - timedelta(days=9), source=Source.PHONE) as context:
        uuid = db.session.get_one(Customer, made.customer_id).uuid
        customer_openings.open_customer(context, uuid, "customer_contact")
        provenance.set_fields(context, provenance.lock(made.customer_id), {"street": "Merisatamanranta 14 B 23"})
    return made


@pytest.fixture
def asker(customer: MadeAccount, transaction: Transaction) -> MadeAccount:
    """The same with a request, its searches, and notes of each kind."""
    with transaction() as context:
        request = access_requests.ask(context, customer.customer_id)
        access_requests.attest(context, request, builders.staff(context).id)
        for kind in NoteKind:
            note = {"kind": kind.value, "body": "Kiitos, 131052-308T.", "written_at": context.now}
            db.session.execute(insert(AccessRequestNote).values(request_id=request.id, **note))
    return customer


def log_in(page: Page, customer: MadeAccount) -> None:
    page.goto("/login")
    page.locator('input[name="email"]').fill(customer.email)
    page.locator('input[name="password"]').fill(customer.password)
    page.locator('main button[type="submit"]').first.click()
    page.wait_for_url("**/account")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_pages_are_accessible(new_page: NewPage, asker: MadeAccount, language: str, width: int) -> None:
    page = new_page(width=width, language=language)
    log_in(page, asker)
    for path, name in PAGES.items():
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        check_page(page, name)


def test_from_the_navigation_to_an_order_and_back_without_javascript(new_page: NewPage, customer: MadeAccount) -> None:
    page = new_page(language="en", javascript=False)
    log_in(page, customer)
    page.get_by_role("navigation").get_by_role("link", name=NAMES["en"]).click()
    assert page.get_by_role("heading", level=1).inner_text() == NAMES["en"]
    page.locator("main").get_by_role("link", name="Orders and purchases").click()
    assert page.url.endswith("/privacy#purchase")
    page.locator('#main a[href="/privacy/purchase/orders"]').click()
    page.get_by_role("link", name="Older").click()
    assert page.locator(".entries__item").count() == 2
    page.get_by_role("link", name="Newest").click()
    assert page.locator(".entries__item").count() == 20
    page.locator(".entries h2 a").first.click()
    page.wait_for_url("**/orders/VK-*")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_is_short_on_the_screen_and_whole_on_paper(
    new_page: NewPage, customer: MadeAccount, language: str
) -> None:
    page = new_page(language=language, javascript=False)
    log_in(page, customer)
    page.goto("/privacy")
    assert page.evaluate("document.documentElement.scrollHeight") < SHORT[DESKTOP]
    folded = page.locator("section[aria-labelledby=account] .fold .facts")
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": PHONE, "height": 900})
    assert page.evaluate("document.documentElement.scrollHeight") < SHORT[PHONE]
    page.locator("section[aria-labelledby=account] summary").click()
    assert folded.is_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_notice_is_short_until_it_is_opened_or_printed(
    new_page: NewPage, live_server: str, javascript: bool
) -> None:
    page = new_page(language="en", javascript=javascript)
    page.goto("/privacy-notice#content-purchase")
    assert page.locator("#content-purchase").is_visible()
    folded = page.locator("section[aria-labelledby=content-purchase] dl")
    assert not folded.is_visible()
    page.emulate_media(media="print")
    for fold in page.locator(".fold dl").all():
        assert fold.is_visible()
    page.emulate_media(media="screen")
    page.locator("section[aria-labelledby=content-purchase] summary").click()
    assert folded.is_visible()
