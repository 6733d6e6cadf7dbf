"""A customer closes the account, and changes their mind."""

from portal.rules.texts import text
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.fixtures import Transaction


def test_closing_and_coming_back(walker: Walker, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context, language=walker.language)
    log_in(walker, owner.email, owner.password)
    walker.turn_to("Security")
    walker.follow("Close the account")
    walker.sees_page("Close the account")
    walker.press("Close the account")
    walker.sees_page("Log in")
    walker.sees(text("account.closing", walker.language, end="|").partition("|")[2])
    walker.open("/account")
    walker.sees_page("Log in")
    assert "/login" in walker.postbox.latest(owner.email).body
    log_in(walker, owner.email, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    walker.is_told("account.kept")
