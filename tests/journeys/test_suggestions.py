"""Suggestions from interests and the consent to their end: told, allowed, seen with reasons, and gone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.rules.consents import KINDS, PERSONALISATION, Rule, wording
from portal.rules.texts import text
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.builders import Line, MadeAccount
from tests.support.fixtures import Transaction


@pytest.fixture
def owner(walker: Walker, transaction: Transaction) -> MadeAccount:
    """A customer who has bought rope twice and a rod once."""
    with transaction() as context:
        made = builders.account(context, email="aino.virtanen@example.com", language=walker.language)
        for days, product in ((70, "Köysi 12 mm"), (30, "Köysi 12 mm"), (5, "Virveli Hauki, 2,1 m")):
            placed = context.now - timedelta(days=days)
            builders.order(context, made.customer_id, lines=[Line(product, sku=None)], placed_at=placed)
    return made


def test_interests_and_purchases_become_suggestions_and_end(walker: Walker, owner: MadeAccount) -> None:
    allow = wording(KINDS[PERSONALISATION], Rule.OPT_IN, walker.language, "Mikromafia Oy").label
    log_in(walker, owner.email, owner.password)
    walker.sees_not(walker.words("Suggestions for you"))
    walker.turn_to("Your details")
    walker.follow("See or change your interests")
    walker.sees_page("Your interests")
    walker.fill("In your own words", "x" * 61)
    walker.press("Save")
    walker.refused("In your own words")
    walker.fill("In your own words", "köysi")
    walker.choose(text("interest.topic.fishing", walker.language))
    walker.press("Save")
    walker.is_told("interest.saved")
    walker.check("journey-interests")
    walker.follow("Suggestions from your purchases")
    walker.sees(walker.words("Suggestions are off"))
    walker.follow("Open consents and prohibitions")
    walker.choose(allow)
    walker.press("Save your choices")
    walker.is_told("consent.saved")
    walker.turn_to("Overview")
    suggested = walker.main.locator(".derived__title")
    expect(suggested).to_have_text(["Köysi 12 mm", "Virveli Hauki, 2,1 m"])
    walker.sees(text("interest.topic.fishing", walker.language))
    walker.check("journey-suggestions-overview")
    walker.follow("Why these?")
    walker.sees_page("Suggestions from your purchases")
    expect(suggested).to_have_text(["Köysi 12 mm", "Virveli Hauki, 2,1 m"])
    walker.check("journey-suggestions")
    walker.follow("Turn suggestions off")
    walker.field(allow).uncheck()
    walker.press("Save your choices")
    walker.is_told("consent.saved")
    walker.turn_to("Overview")
    walker.sees_not(walker.words("Suggestions for you"))
    walker.turn_to("Privacy")
    walker.follow("Suggestions from your purchases")
    walker.sees(walker.words("Suggestions are off"))
    expect(suggested).to_have_count(0)
