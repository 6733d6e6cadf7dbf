"""What the first page of a copy calls things, for whoever reads it without the portal."""

from bs4 import BeautifulSoup
from flask import Flask

from portal.rules.consents import KINDS, Action
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from tests.support import builders, copies
from tests.support.fixtures import Transaction


def test_a_proof_stands_under_the_choice_it_proves(app: Flask, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context)
        for action in (Action.GIVEN, Action.WITHDRAWN):
            said = Said("fi", "Luettu teksti", 1)
            consent_events.append(context, owner.customer_id, KINDS["marketing_sms"], action, said)
    page = BeautifulSoup(copies.make(app, transaction, owner.customer_id).members["index.html"], "html5lib")
    (section,) = page.select("section:has(> #proof)")
    headings = [tag.get_text() for tag in section.select(".entry > :first-child")]
    what = "Suoramarkkinointi tekstiviestillä"
    assert [heading.rpartition(" · ")[0] for heading in headings][:2] == [
        f"{what} · Suostumus peruutettu",
        f"{what} · Suostumus annettu",
    ]


def test_the_controller_is_written_as_on_a_letter(app: Flask, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context)
    archive = copies.make(app, transaction, owner.customer_id)
    page = BeautifulSoup(archive.members["index.html"], "html5lib")
    (address,) = page.select("section:has(> #controller) address")
    assert {"00180 Helsinki", "010 832 6486"} <= {line.strip().replace("\xa0", " ") for line in address.strings}
