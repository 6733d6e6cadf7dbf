"""Passkeys in the real browser, with an authenticator of its own (SECURITY 19, 24, 26, 27)."""

from datetime import UTC, datetime
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select, update

from portal.models.account import PasswordReset
from portal.models.base import db
from portal.models.factor import Passkey, PasskeyChallenge, StaffPasskey
from tests.journeys.conftest import NewWalker
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.test_staff import enter_first_factor
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.fixtures import Transaction

pytestmark = pytest.mark.browser


def give_authenticator(page: Page, *, verified: bool = True) -> None:
    """A device inside the browser that holds passkeys; `verified` says whether it recognises its user."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add(walker: Walker, name: str) -> None:
    """Name the device and press the button."""
    walker.fill("Name of the device", name)
    walker.press("Add a passkey")
    walker.is_told("passkey.added")
    walker.sees(name)


@pytest.mark.security(19, 24, 26, 27)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_customer_adds_one_logs_in_with_it_and_removes_it(
    new_walker: NewWalker, transaction: Transaction, language: str
) -> None:
    walker = new_walker(language, width=390 if language == "sv" else 1280)
    with transaction() as context:
        owner = builders.account(context, language=language)
    give_authenticator(walker.page)
    log_in(walker, owner.email, owner.password)
    walker.turn_to("Security")
    walker.follow_change(walker.words("Passkeys"))
    walker.sees_page("Passkeys")
    walker.fill("Name of the device", " ")
    walker.press("Add a passkey")
    walker.refused("Name of the device")
    walker.is_told("passkey.name_required")
    add(walker, "Oma puhelin")
    walker.check("journey-passkeys")
    walker.log_out()
    # Whoever has a passkey needs no code: it is two factors in one.
    with transaction() as context:
        builders.second_factor(context, owner.id)
    walker.open("/login?next=/orders")
    walker.check("journey-passkey-log-in")
    before = walker.page.context.cookies()
    walker.press("Log in with a passkey")
    walker.sees_page("Orders")
    assert {one["name"] for one in walker.page.context.cookies()} >= {one["name"] for one in before}
    with transaction():
        assert db.session.execute(select(Passkey.last_used_at)).scalar_one() is not None
        assert db.session.execute(select(PasskeyChallenge)).first() is None


@pytest.mark.security(13)
def test_a_log_in_with_a_passkey_ends_the_link_to_a_new_password(
    new_walker: NewWalker, transaction: Transaction
) -> None:
    walker = new_walker("en")
    with transaction() as context:
        owner = builders.account(context, language="en")
    give_authenticator(walker.page)
    log_in(walker, owner.email, owner.password)
    walker.open("/account/passkeys")
    add(walker, "My phone")
    walker.log_out()
    walker.open("/forgot-password")
    walker.fill("E-mail address", owner.email)
    walker.press("Send the link")
    link = walker.postbox.link(owner.email, "en")
    walker.open("/login")
    walker.press("Log in with a passkey")
    walker.sees_page("Hello, %(name)s", name="Aino")
    with transaction():
        assert db.session.execute(select(PasswordReset.ended_at)).scalar_one() is not None
    walker.open(link)
    walker.sees_page("This link no longer works", status=410)


@pytest.mark.security(27)
def test_a_device_that_has_not_recognised_its_user_opens_nothing(
    new_walker: NewWalker, transaction: Transaction
) -> None:
    walker = new_walker()
    with transaction() as context:
        owner = builders.account(context)
    give_authenticator(walker.page, verified=False)
    log_in(walker, owner.email, owner.password)
    walker.open("/account/passkeys")
    walker.fill("Name of the device", "Kone")
    walker.press("Add a passkey")
    expect(walker.page.locator("[data-passkey-failed]")).to_be_visible()
    with transaction():
        assert db.session.execute(select(Passkey)).first() is None


@pytest.mark.security(27)
def test_an_answer_works_once_and_for_its_own_browser_and_site(new_walker: NewWalker, transaction: Transaction) -> None:
    walker, other = new_walker(), new_walker()
    with transaction() as context:
        owner = builders.account(context)
    give_authenticator(walker.page)
    log_in(walker, owner.email, owner.password)
    walker.open("/account/passkeys")
    add(walker, "Kone")
    walker.log_out()
    walker.open("/login")
    sent: list[str] = []

    def keep(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.abort()

    walker.page.route("**/login/passkey", keep)
    with walker.page.expect_event("requestfailed"):
        walker.press("Log in with a passkey")
    walker.page.unroute("**/login/passkey")
    answer = dict(pair.split("=", 1) for pair in sent[0].split("&"))["credential"]
    # Another browser, whose own challenge is another one.
    assert replay(other, answer) == 422
    walker.open("/login")
    first = replay(walker, answer)
    walker.page.context.clear_cookies(name="portal_customer")
    walker.open("/login")
    assert (first, replay(walker, answer)) == (200, 422)


def replay(walker: Walker, answer: str) -> int:
    """Send a kept answer with this browser's own form; returns the status after redirects."""
    if walker.path != "/login":
        walker.open("/login")
    token = walker.page.locator("form[data-passkey] input[name=csrf_token]").get_attribute("value")
    # Beside the page: what the portal answers to it is no fault of the page.
    sent: dict[str, str | float | bool] = {"csrf_token": token or "", "credential": unquote_plus(answer)}
    return walker.page.request.post("/login/passkey", form=sent).status


@pytest.mark.security(26, 27)
def test_an_employee_uses_one_as_the_second_factor(new_walker: NewWalker, transaction: Transaction) -> None:
    walker = new_walker()
    with transaction() as context:
        employee = builders.staff(context, "auditor")
    give_authenticator(walker.page)
    walker.open("/admin/login")
    enter_first_factor(walker, employee, employee.password)
    expect(walker.main.get_by_role("button", name=walker.words("Use a passkey"))).to_have_count(0)
    walker.fill("Code", employee.code(datetime.now(UTC)))
    walker.press("Log in")
    walker.turn_to("Your log-in")
    walker.follow_change(walker.words("Passkeys"))
    add(walker, "Työkone")
    walker.log_out()
    enter_first_factor(walker, employee, employee.password)
    walker.press("Use a passkey")
    walker.sees_page("Start")
    walker.log_out()
    # Somebody else's device is no factor of this employee.
    with transaction() as context:
        stranger = builders.staff(context, "auditor")
        db.session.execute(update(StaffPasskey).where(StaffPasskey.name == "Työkone").values(staff_id=stranger.id))
    enter_first_factor(walker, employee, employee.password)
    expect(walker.main.get_by_role("button", name=walker.words("Use a passkey"))).to_have_count(0)


def test_without_script_the_pages_say_so(new_walker: NewWalker, transaction: Transaction) -> None:
    walker = new_walker("fi", script=False)
    with transaction() as context:
        owner = builders.account(context)
    log_in(walker, owner.email, owner.password)
    walker.open("/account/passkeys")
    walker.sees(walker.words("Passkeys need JavaScript and a browser that knows them. Everything else works without."))
    expect(walker.main.get_by_role("button", name=walker.words("Add a passkey"))).to_have_count(0)
