"""Two more ways in, each walked once: a user name of one's own, and a link that an employee has mailed."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from portal.rules.texts import text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_sign_up_and_log_in import NEW_PASSWORD, log_in
from tests.journeys.test_staff import enter_first_factor
from tests.support import builders
from tests.support.browser import PHONE
from tests.support.fixtures import Transaction


@pytest.mark.browser
def test_a_user_name_is_chosen_and_logs_in(new_walker: NewWalker, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context, language="fi")
    walker = new_walker("fi", script=False, width=PHONE)
    log_in(walker, owner.email, owner.password)
    walker.turn_to("Security")
    walker.follow_change(walker.words("User name"))
    walker.sees_page("Your user name")
    walker.fill("User name", "admin")
    walker.press("Save the user name")
    walker.refused("User name")
    expect(walker.field("User name")).to_have_value("admin")
    walker.fill("User name", "Ääninen.7")
    walker.press("Save the user name")
    walker.is_told("user_name.chosen")
    walker.sees("Ääninen.7")
    walker.check("journey-user-name")
    walker.log_out()
    log_in(walker, "ÄÄNINEN.7", owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")


@pytest.mark.browser
def test_an_employee_has_a_link_mailed_and_the_customer_uses_it(
    new_walker: NewWalker, transaction: Transaction
) -> None:
    with transaction() as context:
        owner = builders.account(context, language="sv", first_name="Aino", last_name="Virtanen")
        employee = builders.staff(context, "customer_care")
    colleague = new_walker("fi")
    colleague.open("/admin/login")
    enter_first_factor(colleague, employee, employee.password)
    colleague.fill("Code", employee.code(datetime.now(UTC)))
    colleague.press("Log in")
    colleague.turn_to("Customers")
    colleague.fill("Find a customer", owner.email)
    colleague.press("Search")
    colleague.main.get_by_role("link", name="Aino Virtanen").click()
    colleague.choose(text("opening_purpose.customer_contact", "fi"))
    colleague.press("Open the customer")
    colleague.follow("Send a link to a new password")
    colleague.sees_page("A link to a new password")
    colleague.sees(owner.email)
    colleague.press("Send the link")
    colleague.is_told("password_link.sent")
    colleague.check("journey-password-link-sent")

    customer = new_walker("sv", width=PHONE)
    customer.open(customer.postbox.link(owner.email, "sv"))
    customer.sees_page("Choose a new password")
    customer.fill("New password", NEW_PASSWORD)
    customer.press("Change the password")
    customer.is_told("password.reset")
    log_in(customer, owner.email, NEW_PASSWORD)
    customer.sees_page("Hello, %(name)s", name="Aino")
