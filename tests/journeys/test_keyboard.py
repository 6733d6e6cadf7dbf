"""Everything by the keyboard alone: the way to each control, focus that can be seen, and menus."""

import pytest
from playwright.sync_api import Page, expect

from portal.rules.texts import text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_sign_up_and_log_in import PASSWORD, PERSON, log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.browser import DESKTOP, PHONE
from tests.support.fixtures import Transaction

MOST_STOPS = 60
# Says what is wrong with the element that has the focus; empty when it can be seen, in sight and not covered.
FOCUS_PROBLEM = """() => {
  const element = document.activeElement;
  const name = element.outerHTML.slice(0, 120);
  const style = getComputedStyle(element);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = element.getBoundingClientRect();
  if (!outlined && style.boxShadow === "none") return `no focus ring: ${name}`;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  if (!inside) return `out of sight: ${name}`;
  const points = [[box.left + 3, box.top + box.height / 2], [box.left + box.width / 2, box.top + box.height / 2]];
  const seen = points.some(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (element.contains(hit) || hit.contains(element) && hit.closest("label, div, p, li, td, th, dd"));
  });
  return seen ? "" : `covered: ${name}`;
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on the element."""
    page.wait_for_load_state()
    target = page.locator(selector)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reached {selector} on {page.url}")


def stops(page: Page) -> tuple[int, list[str]]:
    """Walk through the page with Tab; how many stops there are and what is wrong at each."""
    problems: list[str] = []
    for number in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return number, problems
        if problem := page.evaluate(FOCUS_PROBLEM):
            problems.append(f"{page.url}: {problem}")
    return MOST_STOPS, problems


def first_skips(page: Page) -> None:
    """The first stop is the link to the content, which takes the focus there."""
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def log_in_by_keyboard(walker: Walker, email: str, password: str) -> None:
    """Tab, typing and Enter."""
    page = walker.page
    walker.open("/login")
    first_skips(page)
    tab_to(page, "#email")
    page.keyboard.type(email)
    tab_to(page, "#password")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_detail_is_changed_by_keyboard(new_walker: NewWalker, transaction: Transaction, width: int) -> None:
    with transaction() as context:
        owner = builders.account(context)
    walker = new_walker(width=width)
    page = walker.page
    log_in_by_keyboard(walker, owner.email, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    if width == PHONE:
        tab_to(page, "nav.side summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(page.locator("nav.side summary")).to_be_focused()
        expect(page.locator("nav.side a").first).not_to_be_visible()
        page.keyboard.press("Enter")
    tab_to(page, 'nav.side a[href="/account/profile"]')
    page.keyboard.press("Enter")
    walker.sees_page("Your details")
    tab_to(page, 'main a[href="/account/profile/phone"]')
    page.keyboard.press("Enter")
    walker.sees_page("Change your phone number")
    tab_to(page, "#phone")
    page.keyboard.press("Control+A")
    page.keyboard.type("soita")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#phone")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("050 765 4321")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Space")
    walker.is_told("profile.saved")


@pytest.mark.browser
def test_signing_up_by_keyboard(new_walker: NewWalker) -> None:
    walker = new_walker("en")
    page = walker.page
    walker.open("/sign-up")
    first_skips(page)
    for label, value in PERSON.items():
        field = walker.field(label)
        tab_to(page, f"#{field.get_attribute('id')}")
        page.keyboard.type(value)
    tab_to(page, ".password__button")
    page.keyboard.press("Space")
    expect(page.locator("#password")).to_have_attribute("type", "text")
    expect(page.locator("#password")).to_have_value(PASSWORD)
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    walker.sees_page("Check your mail")


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_every_stop_can_be_seen(new_walker: NewWalker, transaction: Transaction, width: int) -> None:
    with transaction() as context:
        owner = builders.account(context)
        for number in range(3):
            builders.order(context, owner.customer_id, external_id=f"600{number}")
    walker = new_walker(width=width)
    walker.open("/login")
    fewest, problems = 8, []
    for path in ("/", "/login", "/sign-up", "/privacy-notice"):
        walker.open(path)
        count, found = stops(walker.page)
        assert count >= fewest, f"only {count} stops on {path}"
        problems += found
    log_in(walker, owner.email, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    for path in ("/account", "/account/profile", "/orders", "/orders/VK-6001", "/account/profile/language"):
        walker.open(path)
        count, found = stops(walker.page)
        assert count >= fewest, f"only {count} stops on {path}"
        problems += found
    assert not problems, "\n  ".join(["", *problems])


@pytest.mark.browser
def test_an_impatient_second_press_sends_nothing_twice(new_walker: NewWalker) -> None:
    walker = new_walker()
    walker.open("/forgot-password")
    walker.fill("E-mail address", "aino@example.com")
    sent: list[str] = []
    walker.page.on("request", lambda request: sent.append(request.method))
    walker.main.get_by_role("button", name=walker.words("Send the link")).dblclick()
    walker.sees_page("Check your mail")
    assert sent.count("POST") == 1
    assert text("error.429", "fi") not in walker.main.inner_text()
