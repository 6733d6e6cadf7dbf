"""Every page the program declares, in every language and at every width, as a browser shows it.

The list comes from the URL map: a new page is covered unasked, and fails until its arguments are known to
tests/web/matrix/samples.py.
"""

import pytest
from flask import Flask
from playwright.sync_api import Page

from config import Settings
from portal.rules.texts import LOCALES
from tests.journeys.census import page_problems
from tests.journeys.full_world import build_full
from tests.support.browser import NewPage
from tests.support.builders import PASSWORD
from tests.support.fixtures import Transaction
from tests.web.matrix.people import CUSTOMER, Person, insider
from tests.web.matrix.places import PAGES, PLACES, Place, name_of
from tests.web.matrix.samples import AFTER_CHOICE, AFTER_LINK, AFTER_PASSWORD, LINKS, argument_of, filled, path_of
from tests.web.matrix.world import World

# Answers that are no pages: files and the operator's probes. Links in mail lead on to the pages of AFTER_LINK.
FILES = {
    *("access_requests.file", "access_requests.letter", "access_requests.receipt", "public.request_form"),
    *("privacy.data_copy_file", "privacy.request_copy"),
    *("admin.audit_export", "admin.consent_letter_file", "admin.import_errors", "admin.entered_receipt"),
    *("admin.request_attachment", "admin.request_copy_file", "admin.request_letter"),
}
NO_PAGES = {"static", "public.healthz", "public.readyz"} | FILES | set(LINKS)
SHOWN = [place for place in PAGES if place.endpoint not in NO_PAGES]
# Further states of a page that stand in its address.
STATES: dict[str, tuple[str, ...]] = {
    "orders.history": ("?q=huopa&status=shipped", "?q=eiloydy", "?q=" + "x" * 300),
    "admin.audit": ("?action=staff&actor=staff", "?first=2000-01-01&last=2000-01-02"),
    "admin.messages": ("?status=failed", "?status=waiting"),
    "admin.orders": ("?status=shipped",),
    "admin.requests": ("?shown=closed",),
}


@pytest.fixture
def world(app: Flask, settings: Settings, transaction: Transaction) -> World:
    """Everybody, and pages that are full."""
    return build_full(app, settings.base_url, transaction)


def paths(place: Place, world: World) -> list[str]:
    """The addresses under which a place shows different pages."""
    path = path_of(place, world)
    found = [path] + [path + state for state in STATES.get(place.endpoint, ())]
    for name in place.arguments:
        known = {each: argument_of(place, each).present(world) for each in place.arguments}
        found += [filled(place, {**known, name: other}) for other in argument_of(place, name).others]
    return found


def enter(page: Page, world: World, person: Person, place: Place, language: str) -> None:
    """Give the browser the person's session and the language, and what the page's link left behind."""
    cookies = {"portal_language": language}
    if person.area:
        cookies[f"portal_{person.area}"] = world.tokens[person.name]
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": value, "url": world.base_url} for name, value in cookies.items()])
    if place.endpoint in AFTER_PASSWORD:
        owner = world.accounts[CUSTOMER.name]
        page.goto("/login")
        page.locator("input[name=email]").fill(owner.email)
        page.locator("input[name=password]").fill(owner.password)
        page.locator("main form:not([data-passkey]) button[type=submit]").click()
        page.wait_for_load_state()
    if place.endpoint in AFTER_LINK:
        link = next(found for found in PLACES if found.endpoint == AFTER_LINK[place.endpoint])
        page.goto(path_of(link, world))
    if place.endpoint in AFTER_CHOICE:
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_load_state()


def check(page: Page, path: str, name: str, language: str) -> list[str]:
    """Open one page and say what is wrong with it."""
    answer = page.goto(path)
    assert answer is not None
    shown = page.evaluate("location.pathname + location.search")
    if shown != path:
        return [f"{path} leads on to {shown}"]
    if "text/html" not in answer.headers.get("content-type", ""):
        return [f"{path} is no page: name it in NO_PAGES"]
    problems = page_problems(page, name)
    if page.locator("html").get_attribute("lang") != language:
        problems.append("it is in another language")
    return [f"{path} ({language}): {problem}" for problem in problems]


@pytest.mark.browser
@pytest.mark.parametrize("place", SHOWN, ids=name_of)
def test_page(place: Place, world: World, new_page: NewPage) -> None:
    page, problems = new_page(), []
    person = insider(place.access)
    for language in LOCALES:
        enter(page, world, person, place, language)
        # Further states of a page differ in what it holds, not in its frame: one language shows what axe can find.
        shown = paths(place, world) if language == LOCALES[0] else [path_of(place, world)]
        for number, path in enumerate(shown):
            name = place.endpoint.replace(".", "-") + (f"-{number}" if number else "")
            problems += check(page, path, name, language)
    assert not problems, "\n  ".join(["", *problems])


@pytest.mark.browser
def test_the_public_pages_of_a_customer_who_is_logged_in(world: World, new_page: NewPage) -> None:
    page, problems = new_page(), []
    for place in SHOWN:
        if place.endpoint.startswith("public."):
            enter(page, world, CUSTOMER, place, "sv")
            problems += check(page, path_of(place, world), place.endpoint.replace(".", "-") + "-inside", "sv")
    assert not problems, "\n  ".join(["", *problems])
