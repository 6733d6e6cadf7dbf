"""Usage statistics from the consent to its end: turned on, seen, deleted singly, and gone when turned off."""

import pytest
from playwright.sync_api import expect

from portal.rules.consents import KINDS, USAGE, Rule, wording
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction


@pytest.fixture
def owner(walker: Walker, transaction: Transaction) -> MadeAccount:
    """A customer with an order."""
    with transaction() as context:
        owner = builders.account(context, email="aino.virtanen@example.com", language=walker.language)
        builders.order(context, owner.customer_id)
    return owner


def test_statistics_are_turned_on_seen_deleted_and_turned_off(walker: Walker, owner: MadeAccount) -> None:
    allow = wording(KINDS[USAGE], Rule.OPT_IN, walker.language, "Mikromafia Oy").label
    log_in(walker, owner.email, owner.password)
    walker.turn_to("Privacy")
    walker.follow("Usage statistics")
    walker.sees_page("Usage statistics")
    walker.sees(walker.words("Collection is off"), walker.words("Nothing has been collected"))
    walker.follow("Open consents and prohibitions")
    expect(walker.field(allow)).not_to_be_checked()
    walker.choose(allow)
    walker.press("Save your choices")
    walker.is_told("consent.saved")
    walker.turn_to("Orders")
    walker.turn_to("Overview")
    walker.turn_to("Privacy")
    walker.turn_to("Security")
    walker.turn_to("Privacy")
    walker.follow("Usage statistics")
    walker.sees(walker.words("Collection is on"))
    listed = walker.main.locator(".day__item")
    expect(listed.filter(has_text=walker.words("Overview"))).to_have_count(1)
    walker.check("journey-usage")
    listed.filter(has_text=walker.words("Overview")).get_by_role("link").click()
    walker.sees_page("Delete usage statistics")
    walker.check("journey-usage-delete")
    walker.press("Delete")
    walker.is_told("usage.deleted")
    expect(listed.filter(has_text=walker.words("Overview"))).to_have_count(0)
    expect(listed.filter(has_text=walker.words("Orders"))).to_have_count(1)
    walker.follow("Turn collection off")
    walker.field(allow).uncheck()
    walker.press("Save your choices")
    walker.is_told("consent.saved")
    walker.follow("See what usage statistics hold about you")
    walker.sees(walker.words("Collection is off"), walker.words("Nothing has been collected"))
    expect(listed).to_have_count(0)
