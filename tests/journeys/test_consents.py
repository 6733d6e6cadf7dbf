"""From a consent by phone to its end: the mail that confirms it, the link in it, and the customer's own switches."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.consents import KINDS, Action, Rule, wording
from portal.rules.context import Actor
from portal.rules.opening_purposes import OpeningPurpose
from portal.services.choices import consents, staff_consents
from portal.services.choices.staff_consents import Told
from portal.services.register import customer_openings
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

MARKETING = KINDS["marketing_email"]
SURVEY = KINDS["survey"]


@pytest.fixture
def owner(walker: Walker, transaction: Transaction) -> MadeAccount:
    """A customer who has just said yes on the phone."""
    with transaction() as context:
        owner = builders.account(context, email="aino.virtanen@example.com", language=walker.language)
        employee = replace(context, actor=Actor("staff", builders.staff(context).id))
        name = db.session.get_one(Customer, owner.customer_id).uuid
        customer_openings.open_customer(employee, name, OpeningPurpose.CUSTOMER_CONTACT)
        shown = f"fi;{MARKETING.code}:{MARKETING.person}:{MARKETING.version}:0"
        told = Told(Action.GIVEN, "phone", walker.language, shown, f"{1:032x}")
        staff_consents.record(employee, name, MARKETING, told)
        assert consents.read_one(context, owner.customer_id, MARKETING, "fi").on
    return owner


def switch(walker: Walker, kind: str, rule: Rule) -> str:
    """What the switch of a kind says."""
    return wording(KINDS[kind], rule, walker.language, "Mikromafia Oy").label


def test_a_consent_by_phone_ends_with_the_link_of_its_mail(walker: Walker, owner: MadeAccount) -> None:
    walker.open(walker.postbox.link(owner.email, walker.language))
    walker.sees_page("Direct marketing by e-mail")
    walker.check("journey-unsubscribe")
    walker.press("No more marketing by e-mail")
    walker.sees_page("Direct marketing by e-mail")
    walker.sees(walker.words("You get no more marketing by e-mail from us"))
    walker.check("journey-unsubscribed")
    log_in(walker, owner.email, owner.password)
    walker.turn_to("Privacy")
    walker.follow("Consents and prohibitions")
    walker.sees(walker.words("With the link of a mail sent to you"), walker.words("Consent withdrawn"))
    expect(walker.field(switch(walker, "marketing_email", Rule.OPT_IN))).not_to_be_checked()


def test_switches_are_saved_with_the_button(walker: Walker, owner: MadeAccount) -> None:
    log_in(walker, owner.email, owner.password)
    walker.turn_to("Privacy")
    walker.follow("Consents and prohibitions")
    walker.sees_page("Consents and prohibitions")
    mail, survey = switch(walker, "marketing_email", Rule.OPT_IN), switch(walker, "survey", Rule.OPT_OUT)
    expect(walker.field(mail)).to_be_checked()
    walker.field(mail).uncheck()
    walker.choose(survey)
    walker.press("Save your choices")
    walker.is_told("consent.saved")
    expect(walker.field(mail)).not_to_be_checked()
    expect(walker.field(survey)).to_be_checked()
    newest = walker.main.locator(".events__item").first
    newest.locator("summary").click()
    expect(newest).to_contain_text(wording(SURVEY, Rule.OPT_OUT, walker.language, "Mikromafia Oy").text)
    walker.check("journey-consents")
