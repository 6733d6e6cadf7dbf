"""Changes of contact details, so that the demo's customers have a history: who said what, when, and through what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from portal.cli.demo.credentials import CUSTOMER_CARE_EMAIL, CUSTOMER_EMAIL
from portal.cli.demo.openings import open_for
from portal.cli.demo.people import Person
from portal.models.base import db
from portal.models.staff import Staff
from portal.rules.context import Actor, Context
from portal.rules.opening_purposes import OpeningPurpose
from portal.rules.register import Source
from portal.services.register import provenance

# Whose, days ago, how it was told, and what was true before. What is true now stands in people.py.
CHANGES: tuple[tuple[str, int, Source, dict[str, str]], ...] = (
    (CUSTOMER_EMAIL, 410, Source.ACCOUNT, {"street": "Hämeentie 3 A 8", "postal_code": "00530"}),
    (CUSTOMER_EMAIL, 122, Source.PHONE, {"phone": "+358482104400"}),
    ("eero.hamalainen@example.com", 233, Source.ACCOUNT, {"phone": "+358482208800"}),
    ("asa.sjoblom@example.com", 310, Source.EMAIL, {"street": "Torggatan 4"}),
    ("helmi.koskela@example.com", 75, Source.IN_STORE, {"last_name": "Koskela-Virta"}),
    ("tilaukset@rantamajakka.example", 180, Source.ACCOUNT, {"first_name": "Raimo"}),
    ("kerttu.lehtonen@example.com", 12, Source.ACCOUNT, {"street": "Nortamonkatu 18 A 4"}),
    ("olivia.bennett@example.com", 51, Source.ACCOUNT, {"language": "fi"}),
)


def values_before(person: Person) -> dict[str, str]:
    """What was true of a person before all changes; only fields that changed."""
    return {name: value for email, _, _, before in CHANGES if email == person.email for name, value in before.items()}


def change_some(context: Context, ids: dict[Person, int], accounts: dict[Person, int]) -> None:
    """Change the earlier values, with which these customers were inserted, to today's."""
    by_email = {person.email: person for person in ids if person.email}
    employee = db.session.execute(select(Staff.id).where(Staff.email == CUSTOMER_CARE_EMAIL)).scalar_one()
    for email, days, source, before in CHANGES:
        person = by_email[email]
        changed_at = context.now - timedelta(days=days)
        actor = Actor("customer", accounts[person]) if source is Source.ACCOUNT else Actor("staff", employee)
        then = replace(context, now=changed_at, source=source, actor=actor)
        if actor.kind == "staff":
            open_for(then, ids[person], OpeningPurpose.CORRECTION)
        provenance.set_fields(then, provenance.lock(ids[person]), {name: getattr(person, name) for name in before})
