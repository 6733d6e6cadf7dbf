"""An employee from the invitation to a corrected customer, and everybody whom the area must not let in."""

from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import expect

from portal.rules.staff_roles import Role
from portal.rules.texts import text
from portal.services.employees import staff_accounts
from tests.journeys.conftest import NewWalker
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.builders import MadeStaff
from tests.support.fixtures import Transaction

EMPLOYEE = "onni.aalto@example.com"
PASSWORD = "harmaa lokki kantaa avainta"
HIDDEN = "error.404"


@pytest.fixture
def customer(walker: Walker, transaction: Transaction) -> str:
    """A customer of the register with two orders; returns the name."""
    with transaction() as context:
        found = builders.customer(context, first_name="Väinö", last_name="Öhman", email="vaino.ohman@example.com")
        builders.order(context, found, external_id="8801", status="shipped")
        builders.order(context, found, external_id="8802", status="completed")
        builders.customer(context, first_name="Helmi", last_name="Salo")
    return "Väinö Öhman"


def accept_invitation(walker: Walker, token: str) -> None:
    """Choose a password and set up the second factor; the employee is then logged in."""
    walker.open(f"/admin/invite/{token}")
    walker.sees_page("Choose a password")
    assert walker.path == "/admin/invite", "the token stays in the address"
    walker.press("Continue")
    walker.refused("Your name", "Password")
    walker.fill("Your name", "Onni Aalto")
    walker.fill("Password", PASSWORD)
    walker.press("Continue")
    walker.sees_page("Set up your second factor")
    key = walker.main.locator("code").inner_text().replace(" ", "")
    walker.fill("Six-digit code", "000000")
    walker.press("Confirm and log in")
    walker.refused("Six-digit code")
    walker.check("journey-second-factor-wrong")
    walker.fill("Six-digit code", pyotp.TOTP(key).now())
    walker.press("Confirm and log in")
    walker.sees_page("Recovery codes")
    expect(walker.main.locator(".codes code")).to_have_count(10)
    walker.check("journey-first-recovery-codes")
    walker.follow("I have kept the codes")


def open_customer(walker: Walker, name: str) -> None:
    """From the search to the customer's file."""
    walker.turn_to("Customers")
    walker.sees_page("Customers")
    walker.press("Search")
    walker.refused("Find a customer")
    for fragment in ("no.ohm", "8802", "öhm", "eiloydy", "ÖHMAN väi"):
        walker.fill("Find a customer", fragment)
        walker.press("Search")
        expect(walker.field("Find a customer")).to_have_value(fragment)
        walker.sees(walker.words("No customer was found") if fragment == "eiloydy" else name)
        assert "ohm" not in walker.path, "what was searched for stands in the address"
    walker.check("journey-customers-found")
    walker.main.get_by_role("link", name=name).click()
    walker.sees_page("What do you open the customer for?")
    walker.press("Open the customer")
    walker.refused_group(text("opening.purpose_required", walker.language))
    walker.check("journey-purpose-missing")
    walker.choose(text("opening_purpose.correction", walker.language))
    walker.press("Open the customer")
    expect(walker.page.locator("h1")).to_have_text(name)
    walker.sees(text("opening_purpose.correction", walker.language))


def correct_phone(walker: Walker) -> None:
    """The source is asked for, and shown beside the corrected number."""
    walker.follow_change(text("correction.part.phone", walker.language))
    walker.sees_page("Correct the phone number")
    walker.fill("Phone number", "050 765 4321")
    walker.press("Save")
    walker.refused_group(text("correction.source_required", walker.language))
    assert walker.field("Phone number").input_value() == "050 765 4321"
    walker.choose(text("correction.source.phone", walker.language))
    walker.press("Save")
    walker.is_told("correction.stored")
    walker.sees("765 4321", "Onni Aalto")


def read_orders(walker: Walker, name: str) -> None:
    """The list of all orders, a filter, a search, and an order of the opened customer."""
    walker.turn_to("Orders")
    walker.sees_page("Orders")
    walker.field("Status").select_option(label=text("order.status.shipped", walker.language))
    walker.press("Filter")
    expect(walker.main.locator("tbody tr")).to_have_count(1)
    walker.fill("Find an order", "880")
    walker.press("Search")
    expect(walker.main.locator("tbody tr")).to_have_count(2)
    walker.main.get_by_role("link", name="VK-8801", exact=True).click()
    walker.sees_page("Order %(number)s", number="VK-8801")
    walker.sees(name, text("order.status.shipped", walker.language))


def test_from_the_invitation_to_a_corrected_customer(walker: Walker, customer: str, transaction: Transaction) -> None:
    with transaction() as context:
        token = staff_accounts.create(context, EMPLOYEE, Role.CUSTOMER_CARE)
    accept_invitation(walker, token)
    walker.sees_page("Start")
    open_customer(walker, customer)
    correct_phone(walker)
    read_orders(walker, customer)
    walker.log_out()
    walker.sees_page("Staff log-in")
    walker.open("/admin/customers")
    expect(walker.page.locator("h1")).to_have_text(text(HIDDEN, walker.language))
    walker.open(f"/admin/invite/{token}")
    walker.sees_page("This link no longer works", status=410)


def test_an_invitation_that_somebody_else_opened_first(
    walker: Walker, new_walker: NewWalker, transaction: Transaction
) -> None:
    with transaction() as context:
        token = staff_accounts.create(context, EMPLOYEE, Role.AUDITOR)
    holder = new_walker(script=False)
    begin(holder, token)
    seen = holder.main.locator("code").inner_text()
    walker.open(f"/admin/invite/{token}")
    walker.sees(walker.words("A password has been chosen with this link already"))
    walker.check("journey-invitation-chosen-elsewhere")
    begin(walker, token)
    assert walker.main.locator("code").inner_text() != seen
    walker.open("/admin/invite")
    walker.sees(walker.words("You have chosen a password already"))
    walker.check("journey-invitation-chosen-here")
    walker.follow("Go on to the second factor")
    walker.sees_page("Set up your second factor")
    # The one who was first has lost what was chosen, and hears of it.
    holder.open("/admin/invite/second-factor")
    holder.sees_page("Choose a password")
    holder.sees(holder.words("A password has been chosen with this link already"))
    walker.fill("Six-digit code", pyotp.TOTP(walker.main.locator("code").inner_text().replace(" ", "")).now())
    walker.press("Confirm and log in")
    walker.sees_page("Recovery codes")
    holder.open("/admin/invite")
    holder.sees_page("This link no longer works", status=410)


def begin(walker: Walker, token: str) -> None:
    """Choose a password with the link."""
    walker.open(f"/admin/invite/{token}")
    walker.fill("Your name", "Onni Aalto")
    walker.fill("Password", PASSWORD)
    walker.press("Continue")
    walker.sees_page("Set up your second factor")


def test_logging_in_takes_both_factors(walker: Walker, transaction: Transaction) -> None:
    with transaction() as context:
        employee = builders.staff(context)
    walker.open("/admin/login")
    walker.press("Continue")
    walker.refused("E-mail address", "Password")
    enter_first_factor(walker, employee, "väärä salasana")
    walker.refused()
    walker.is_told("staff_login.failed")
    walker.check("journey-staff-log-in-wrong")
    enter_first_factor(walker, employee, employee.password)
    walker.sees_page("Enter the code from your phone")
    walker.open("/admin/customers")
    walker.sees_page("Enter the code from your phone")
    walker.fill("Code", "12345")
    walker.press("Log in")
    walker.refused("Code")
    walker.fill("Code", employee.code(datetime.now(UTC)))
    walker.press("Log in")
    walker.sees_page("Customers")


def enter_first_factor(walker: Walker, employee: MadeStaff, password: str) -> None:
    """E-mail and password."""
    walker.fill("E-mail address", employee.email)
    walker.fill("Password", password)
    walker.press("Continue")


def test_a_customer_finds_nothing_at_admin(walker: Walker, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context, language=walker.language)
    log_in(walker, owner.email, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    shown = []
    for path in ("/admin/", "/admin/customers", "/nothing-here"):
        walker.open(path)
        expect(walker.page.locator("h1")).to_have_text(text(HIDDEN, walker.language))
        assert walker.status == 404
        shown.append(walker.page.locator("body").inner_text())
    assert shown[0] == shown[1] == shown[2]


@pytest.mark.browser
def test_a_role_that_may_not_is_told_so(new_walker: NewWalker, transaction: Transaction) -> None:
    with transaction() as context:
        employee = builders.staff(context, Role.AUDITOR)
    walker = new_walker("sv")
    walker.open("/admin/login")
    enter_first_factor(walker, employee, employee.password)
    walker.fill("Code", employee.code(datetime.now(UTC)))
    walker.press("Log in")
    walker.sees_page("Start")
    walker.check("journey-home-of-an-auditor")
    for language in ("fi", "sv", "en"):
        walker.switch_language(language)
        walker.open("/admin/customers")
        expect(walker.page.locator("h1")).to_have_text(text("error.403", language))
        assert walker.status == 403
        walker.check("journey-403")
        walker.follow("Go to the front page")
        walker.sees_page("Start")
