"""From signing up to a new password, as one person walks it."""

from datetime import UTC, datetime

from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date
from portal.rules.texts import text
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.fixtures import Transaction

EMAIL = "maret.nakkalajarvi@example.com"
PASSWORD = "kolme vihreää kettua juoksee metsään"
NEW_PASSWORD = "neljä punaista venettä nukkuu rannalla"
PERSON = {
    "First name": "Máret",
    "Last name": "Näkkäläjärvi",
    "E-mail address": EMAIL,
    "Phone number": "040 123 4567",
    "Street address": "Kuubankatu 2 A 5",
    "Postal code": "00220",
    "City": "helsinki",
    "Choose a password": PASSWORD,
}


def sign_up(walker: Walker) -> None:
    """From the front page to the open account."""
    walker.open("/")
    walker.follow("Open an account")
    walker.sees_page("Open an account")
    for label, value in PERSON.items():
        walker.fill(label, value)
    walker.press("Open an account")
    walker.sees_page("Check your mail")
    walker.open(walker.postbox.link(EMAIL, walker.language))
    walker.sees_page("Confirm your e-mail address")
    assert walker.path == "/verify-email", "the token stays in the address"
    walker.fill("Password", PASSWORD)
    walker.press("Confirm and log in")
    walker.sees_page("Hello, %(name)s", name="Máret")


def log_in(walker: Walker, email: str, password: str) -> None:
    """With the form of the log-in page, which may be open already."""
    if walker.path != "/login":
        walker.open("/login")
    walker.fill("E-mail address or user name", email)
    walker.fill("Password", password)
    walker.press("Log in")


def change_details(walker: Walker) -> None:
    """Phone and address, each on its page, then their history."""
    walker.turn_to("Your details")
    walker.follow_change(text("profile.field.phone", walker.language))
    walker.fill("Phone number", "+46 70 123 45 67")
    walker.press("Save")
    walker.is_told("profile.saved")
    walker.sees("+46 70 123 45 67", text("profile.note.account", walker.language, date=today(walker)))
    walker.follow_change(text("profile.field.address", walker.language))
    walker.fill("Street address", "Aurakatu 5")
    walker.fill("Postal code", "20100")
    walker.fill("City", "Turku")
    walker.press("Save")
    walker.sees_page("Your details")
    walker.sees("Aurakatu 5", "20100")
    walker.follow("How your details have changed")
    walker.sees_page("How your details have changed")
    walker.sees("Kuubankatu 2 A 5", "Aurakatu 5", "040 123 4567" if walker.language == "fi" else "123 4567")
    walker.check("journey-history")


def today(walker: Walker) -> str:
    """The date as the page writes it."""
    return format_date(helsinki_date(datetime.now(UTC)), walker.language)


def test_from_signing_up_to_a_new_password(walker: Walker) -> None:
    sign_up(walker)
    walker.sees(walker.words("You have no orders yet"))
    walker.check("journey-first-overview")
    change_details(walker)
    walker.log_out()
    walker.sees_page("Log in")
    walker.is_told("login.logged_out")
    walker.open("/account")
    walker.sees_page("Log in")
    log_in(walker, EMAIL, PASSWORD)
    walker.sees_page("Hello, %(name)s", name="Máret")
    walker.log_out()
    walker.sees_page("Log in")
    walker.follow("Forgot your password?")
    walker.fill("E-mail address", EMAIL)
    walker.press("Send the link")
    walker.sees_page("Check your mail")
    walker.open(walker.postbox.link(EMAIL, walker.language))
    walker.sees_page("Choose a new password")
    walker.fill("New password", NEW_PASSWORD)
    walker.press("Change the password")
    walker.sees_page("Log in")
    walker.is_told("password.reset")
    log_in(walker, EMAIL, PASSWORD)
    walker.refused(status=422)
    walker.is_told("login.failed")
    log_in(walker, EMAIL, NEW_PASSWORD)
    walker.sees_page("Hello, %(name)s", name="Máret")


def test_every_error_of_the_way_in(walker: Walker, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context, language=walker.language)
    walker.open("/sign-up")
    walker.press("Open an account")
    walker.refused(*PERSON)
    walker.check("journey-sign-up-empty")
    for label, value in PERSON.items():
        walker.fill(label, value)
    walker.fill("E-mail address", "maret@")
    walker.fill("Postal code", "20100")
    walker.fill("Business ID", "2077474-1")
    walker.press("Open an account")
    walker.refused("E-mail address", "City", "Business ID")
    for label in ("First name", "Phone number", "Street address"):
        assert walker.field(label).input_value() == PERSON[label], f"{label} was lost"
    assert walker.field("E-mail address").input_value() == "maret@"
    assert walker.field("Choose a password").input_value() == "", "a password came back to the browser"

    walker.open("/login")
    walker.press("Log in")
    walker.refused("E-mail address or user name", "Password")
    walker.check("journey-log-in-empty")
    log_in(walker, "nobody@example.com", "wrong")
    walker.refused()
    walker.is_told("login.failed")
    walker.check("journey-log-in-wrong")
    walker.open("/forgot-password")
    walker.press("Send the link")
    walker.refused("E-mail address")

    walker.fill("E-mail address", owner.email)
    walker.press("Send the link")
    walker.sees_page("Check your mail")
    link = walker.postbox.link(owner.email, walker.language)
    walker.open(link)
    walker.fill("New password", "lyhyt")
    walker.press("Change the password")
    walker.refused("New password")
    walker.fill("New password", NEW_PASSWORD)
    walker.press("Change the password")
    walker.sees_page("Log in")
    walker.open(link)
    walker.sees_page("This link no longer works", status=410)
    walker.check("journey-ended-link")
