"""Changing one's own details: the language, the log-in address, and everything that can be typed wrong."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from portal.models.base import db
from portal.models.session import CustomerSession
from portal.rules.texts import text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_sign_up_and_log_in import NEW_PASSWORD, log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

NEW_ADDRESS = "uusi.osoite@example.com"


@pytest.fixture
def owner(walker: Walker, transaction: Transaction) -> MadeAccount:
    """A customer who has just logged in."""
    with transaction() as context:
        owner = builders.account(context, email="aino.virtanen@example.com", language=walker.language)
    log_in(walker, owner.email, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    return owner


def ask_for_new_address(walker: Walker) -> None:
    """From the security page to the mail that asks for a confirmation."""
    walker.turn_to("Security")
    walker.sees_page("Security")
    walker.follow_change(walker.words("E-mail address"))
    walker.sees_page("Change your e-mail address")
    walker.fill("New e-mail address", NEW_ADDRESS)
    walker.press("Send the link")
    walker.sees_page("Check your mail")


def test_a_new_address_is_confirmed(walker: Walker, owner: MadeAccount) -> None:
    ask_for_new_address(walker)
    walker.open("/account/security")
    walker.sees(walker.words("Your new e-mail address has not been confirmed yet"), owner.email)
    walker.open(walker.postbox.link(NEW_ADDRESS, walker.language))
    walker.sees_page("Confirm your new e-mail address")
    walker.fill("Password", "aivan jokin muu lause")
    walker.press("Take the new address into use")
    walker.refused("Password")
    walker.fill("Password", owner.password)
    walker.press("Take the new address into use")
    walker.sees_page("Security")
    walker.is_told("email_change.confirmed")
    walker.log_out()
    log_in(walker, owner.email, owner.password)
    walker.refused()
    log_in(walker, NEW_ADDRESS, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")


def test_the_old_address_cancels(walker: Walker, owner: MadeAccount) -> None:
    ask_for_new_address(walker)
    confirmation = walker.postbox.link(NEW_ADDRESS, walker.language)
    walker.open(walker.postbox.link(owner.email, walker.language))
    walker.sees_page("Cancel the change of e-mail address")
    walker.press("Cancel the change")
    walker.sees_page("Security")
    walker.is_told("email_change.cancelled")
    walker.open(confirmation)
    walker.sees_page("This link no longer works", status=410)


def test_a_new_password_takes_the_old_one_again(walker: Walker, owner: MadeAccount, transaction: Transaction) -> None:
    with transaction() as context:
        long_ago = context.now - timedelta(minutes=11)
        db.session.execute(update(CustomerSession).values(authenticated_at=long_ago))
    walker.turn_to("Security")
    walker.follow_change(walker.words("Password"))
    walker.sees_page("Confirm that it is you")
    walker.press("Continue")
    walker.refused("Password")
    walker.fill("Password", "aivan jokin muu lause")
    walker.press("Continue")
    walker.refused("Password")
    walker.check("journey-confirm-password-wrong")
    walker.fill("Password", owner.password)
    walker.press("Continue")
    walker.sees_page("Change your password")
    walker.fill("New password", NEW_PASSWORD)
    walker.press("Change the password")
    walker.sees_page("Security")
    walker.is_told("password.changed")
    walker.log_out()
    log_in(walker, owner.email, NEW_PASSWORD)
    walker.sees_page("Hello, %(name)s", name="Aino")


def test_what_is_typed_wrong_is_kept_and_named(walker: Walker, owner: MadeAccount) -> None:
    walker.open("/account/profile/phone")
    walker.fill("Phone number", "soita illalla")
    walker.press("Save")
    walker.refused("Phone number")
    assert walker.field("Phone number").input_value() == "soita illalla"
    walker.check("journey-phone-wrong")
    walker.open("/account/addresses")
    walker.fill("Postal code", "33100")
    walker.press("Save")
    walker.refused("City")
    walker.open("/account/profile/name")
    walker.fill("Last name", "")
    walker.press("Save")
    walker.refused("Last name")
    walker.open("/account/profile/company")
    walker.fill("Company", "Revontuli Oy")
    walker.fill("Business ID", "1234567-8")
    walker.press("Save")
    walker.refused("Business ID")
    walker.open("/account/email")
    walker.fill("New e-mail address", owner.email)
    walker.press("Send the link")
    walker.refused("New e-mail address")
    walker.open("/account/password")
    walker.fill("New password", "salasanasalasana")
    walker.press("Change the password")
    walker.refused("New password")
    walker.open("/account/earlier-orders")
    walker.fill("Order number", "VK-99999")
    walker.press("Connect orders")
    walker.refused("Order number")


def test_the_language_of_the_customer_is_that_of_the_pages(walker: Walker, owner: MadeAccount) -> None:
    walker.open("/account/profile/language")
    walker.sees_page("Change the language")
    other, name = {"fi": ("sv", "Svenska"), "sv": ("en", "English"), "en": ("fi", "Suomi")}[walker.language]
    walker.choose(name)
    walker.press("Save")
    walker.language = other
    walker.sees_page("Your details")
    walker.is_told("profile.saved")
    walker.open("/account/profile/language")
    expect(walker.main.get_by_label(name, exact=True)).to_be_checked()


def test_two_tabs_do_not_overwrite_each_other(new_walker: NewWalker, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context)
    first = new_walker()
    log_in(first, owner.email, owner.password)
    first.open("/account/profile/phone")
    second = Walker(first.page.context.new_page(), "fi", first.postbox)
    second.open("/account/profile/phone")
    second.fill("Phone number", "050 765 4321")
    second.press("Save")
    second.is_told("profile.saved")
    first.fill("Phone number", "050 111 2222")
    first.press("Save")
    first.refused(status=409)
    first.sees(text("form.stale", "fi"))
    assert first.field("Phone number").input_value() == "050 111 2222"
    first.check("journey-stale")
    first.press("Save")
    first.sees_page("Your details")
    first.sees("050 111 2222")
