"""A customer stays logged in, sees where, and logs another browser out."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.services.accounts import remembering
from tests.journeys.conftest import NewWalker
from tests.journeys.postbox import Postbox
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.fixtures import Transaction

TICK = "Stay logged in on this device for 30 days"


def close_and_open(walker: Walker) -> None:
    """A browser that is closed forgets its session cookies and keeps those with a date."""
    walker.page.context.clear_cookies(name="portal_customer")
    walker.page.context.clear_cookies(name="portal_form")


def test_staying_logged_in(walker: Walker, new_walker: NewWalker, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context, language=walker.language)
    elsewhere = new_walker(walker.language, width=390)
    log_in(elsewhere, owner.email, owner.password)
    elsewhere.sees_page("Hello, %(name)s", name="Aino")
    walker.open("/login")
    expect(walker.field(TICK)).not_to_be_checked()
    walker.choose(walker.words(TICK))
    log_in(walker, owner.email, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    close_and_open(walker)
    walker.open("/account/security")
    walker.sees_page("Security")
    walker.main.get_by_role("link", name=re.compile(re.escape(walker.words("See and log out")))).click()
    walker.sees_page("Where you are logged in")
    walker.sees(walker.words("This browser"))
    expect(walker.main.locator(".devices__line")).to_have_count(2)
    walker.check("journey-sessions")
    walker.press("Log out everywhere else")
    walker.is_told("sessions.others_ended")
    expect(walker.main.locator(".devices__line")).to_have_count(1)
    elsewhere.open("/account")
    elsewhere.sees_page("Log in")
    # What concerns the account's security wants the password, however one came in.
    walker.open("/account/password")
    walker.sees_page("Confirm that it is you")
    walker.log_out()
    close_and_open(walker)
    walker.open("/account")
    walker.sees_page("Log in")


@pytest.mark.security(21)
def test_a_copied_cookie_ends_the_family_and_is_told(
    new_walker: NewWalker, transaction: Transaction, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The minute in which the value before is taken, for tabs that open together, is over at once.
    monkeypatch.setattr(remembering, "GRACE", timedelta(0))
    with transaction() as context:
        account = builders.account(context, email="aino@example.com")
    owner, thief = new_walker(), new_walker()
    owner.open("/login")
    owner.choose(owner.words(TICK))
    log_in(owner, account.email, account.password)
    owner.sees_page("Hello, %(name)s", name="Aino")
    stolen = [cookie for cookie in owner.page.context.cookies() if cookie["name"] == "portal_remembered"]
    assert len(stolen) == 1
    thief.page.context.add_cookies(stolen)  # type: ignore[arg-type]
    # The thief comes first, and is in: nothing tells the copy from the browser it was taken from.
    thief.open("/account")
    thief.sees_page("Hello, %(name)s", name="Aino")
    assert postbox.subjects(account.email) == []
    close_and_open(owner)
    owner.open("/account")
    owner.sees_page("Log in")
    thief.open("/account")
    thief.sees_page("Log in")
    # Neither value is worth anything any more, whether by itself or with the session it began.
    for walker in (owner, thief):
        close_and_open(walker)
        walker.open("/account")
        walker.sees_page("Log in")
    assert postbox.subjects(account.email) == [owner.words("A copy of your log-in was refused")]
