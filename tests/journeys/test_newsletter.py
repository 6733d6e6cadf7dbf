"""A newsletter, walked once: an employee writes, tries and sends it, and a customer ends such mail by its link."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from portal.jobs import announce
from portal.rules.consents import KINDS, Action
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from tests.journeys.conftest import NewWalker
from tests.journeys.test_staff import enter_first_factor
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.browser import PHONE
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

WORDS = {
    "Subject in Finnish": "Syksyn huovat",
    "Text in Finnish": "Hei!\n\nUudet huovat ovat hyllyssä.",
    "Subject in Swedish": "Höstens filtar",
    "Text in Swedish": "Hej!\n\nDe nya filtarna finns i hyllan.",
    "Subject in English": "Blankets of the autumn",
}


@pytest.fixture
def reader(transaction: Transaction) -> MadeAccount:
    """A customer who has consented, and another who has not."""
    with transaction() as context:
        reader = builders.account(context, language="sv", email="aino.virtanen@example.com")
        consent_events.append(context, reader.customer_id, KINDS["marketing_email"], Action.GIVEN, Said("sv", "Ord", 1))
        builders.account(context, language="sv", email="ville.virtanen@example.com")
    return reader


def write(writer: Walker) -> None:
    writer.turn_to("Announcements")
    writer.follow("Write an announcement")
    writer.choose(writer.words("Marketing"))
    for label, words in WORDS.items():
        writer.fill(label, words)
    writer.press("Save the draft")
    writer.refused("Text in English")
    writer.fill("Text in English", "Hello!\n\nThe new blankets are on the shelf.")
    writer.press("Save the draft")
    writer.is_told("announcement.kept")
    writer.check("journey-newsletter-draft")


@pytest.mark.browser
def test_a_newsletter_reaches_whoever_wants_it_and_is_ended_by_its_link(
    new_walker: NewWalker, app: Flask, transaction: Transaction, reader: MadeAccount
) -> None:
    with transaction() as context:
        employee = builders.staff(context, "communications", email="viestija@example.com")
    writer = new_walker("fi")
    writer.open("/admin/login")
    enter_first_factor(writer, employee, employee.password)
    writer.fill("Code", employee.code(datetime.now(UTC)))
    writer.press("Log in")
    write(writer)
    writer.press("Send me a test")
    writer.is_told("announcement.tested")
    assert len(writer.postbox.subjects(employee.email)) == len(("fi", "sv", "en"))
    writer.follow("Send it to customers")
    writer.press("Send the announcement")
    writer.is_told("announcement.let_go")
    with app.app_context():
        announce.run()

    customer = new_walker("sv", script=False, width=PHONE)
    customer.open(customer.postbox.link(reader.email, "sv"))
    assert customer.postbox.subjects("ville.virtanen@example.com") == []
    customer.press("No more marketing by e-mail")
    customer.sees(customer.words("You get no more marketing by e-mail from us"))
    # The link opened again says that it is done.
    customer.open(customer.postbox.link(reader.email, "sv"))
    customer.sees(customer.words("You get no more marketing by e-mail from us"))
    with app.app_context():
        announce.run()
    writer.page.reload()
    writer.sees(writer.words("Messages sent"))
    writer.check("journey-newsletter-sent")
