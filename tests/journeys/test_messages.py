"""A mail that a server refuses at first: the customer's side, the employee's, and the message as it was sent."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from portal.rules.texts import text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_sign_up_and_log_in import NEW_PASSWORD, log_in
from tests.journeys.test_staff import enter_first_factor
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.builders import MadeAccount, MadeStaff
from tests.support.fixtures import Transaction
from tests.support.smtp import SmtpServer

EMAIL = "aino.virtanen@example.com"


@pytest.fixture
def owner(walker: Walker, transaction: Transaction) -> MadeAccount:
    """A customer who reads the walker's language."""
    with transaction() as context:
        return builders.account(context, email=EMAIL, language=walker.language)


@pytest.fixture
def employee(transaction: Transaction) -> MadeStaff:
    """An employee of customer care."""
    with transaction() as context:
        return builders.staff(context)


def enter(walker: Walker, employee: MadeStaff) -> None:
    """Both factors of an employee."""
    walker.open("/admin/login")
    enter_first_factor(walker, employee, employee.password)
    walker.fill("Code", employee.code(datetime.now(UTC)))
    walker.press("Log in")
    walker.sees_page("Start")


def send_again(colleague: Walker) -> None:
    """From the warning of the start page to the message that is in line again."""
    colleague.sees(colleague.words("E-mails could not be sent"))
    colleague.check("journey-home-with-unsent-mail")
    colleague.follow("See what stopped them")
    colleague.sees_page("Messages")
    colleague.sees(text("mail_error.smtp", colleague.language, number="421"), "a…@example.com")
    colleague.sees_not(EMAIL)
    colleague.main.get_by_role("button", name=re.compile(rf"^{colleague.words('Try now')}\s*:")).click()
    colleague.sees_page("Messages")
    colleague.is_told("message.resent")


def read_messages(walker: Walker) -> None:
    """The list, and the mail with the link to a new password, which is not in it any more."""
    walker.turn_to("Messages")
    walker.sees_page("Messages")
    walker.check("journey-messages")
    walker.follow("Choose a new password")
    walker.sees_page("Choose a new password")
    walker.sees(EMAIL, walker.words("Sent"), text("mail.link_not_kept", walker.language))
    walker.main.locator("summary").click()
    expect(walker.main.locator("pre")).to_be_visible()
    walker.check("journey-message")
    source = walker.page.content()
    assert "/reset-password/" not in source
    walker.follow("Messages")
    walker.follow("Your password was changed")
    walker.sees(walker.words("If it was not you, choose a new password at once and contact us:"))


def test_a_refused_mail_is_sent_again_and_read_as_it_was_sent(
    walker: Walker, owner: MadeAccount, employee: MadeStaff, new_walker: NewWalker, smtp_server: SmtpServer
) -> None:
    smtp_server.refuse("421 4.3.2 Service not available")
    walker.open("/forgot-password")
    walker.fill("E-mail address", EMAIL)
    walker.press("Send the link")
    walker.postbox.deliver()
    assert smtp_server.to(EMAIL) == []
    colleague = new_walker(walker.language, script=walker.script)
    enter(colleague, employee)
    send_again(colleague)
    walker.open(walker.postbox.link(EMAIL, walker.language))
    walker.fill("New password", NEW_PASSWORD)
    walker.press("Change the password")
    walker.postbox.deliver()
    log_in(walker, EMAIL, NEW_PASSWORD)
    walker.sees_page("Hello, %(name)s", name="Aino")
    read_messages(walker)


@pytest.mark.browser
def test_the_lists_without_anything_in_them(
    new_walker: NewWalker, transaction: Transaction, employee: MadeStaff
) -> None:
    with transaction() as context:
        nobody = builders.account(context, language="en")
    reader, colleague = new_walker("en"), new_walker("en")
    log_in(reader, nobody.email, nobody.password)
    reader.turn_to("Messages")
    reader.sees(reader.words("No messages yet"))
    reader.check("journey-no-messages")
    enter(colleague, employee)
    colleague.turn_to("Messages")
    colleague.sees(colleague.words("Nothing waits"), colleague.words("Nothing has failed."))
    colleague.check("journey-no-unsent-messages")
