"""Interests of the demo's customers, and what is derived for those who want suggestions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal.cli.demo.consents import EERO
from portal.cli.demo.credentials import CUSTOMER_EMAIL
from portal.cli.demo.people import Person
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.choices import interests, personalisation

# Whose, days ago, topics, and own words. What was told later is added to what was told before.
TOLD: tuple[tuple[str, int, tuple[str, ...], str], ...] = (
    (CUSTOMER_EMAIL, 52, ("boating",), ""),
    (CUSTOMER_EMAIL, 40, ("boating", "outdoors"), "Villasukat\nSaariston linnut"),
    (EERO, 20, ("fishing",), ""),
)


def tell_interests(context: Context, ids: dict[Person, int], accounts: dict[Person, int]) -> None:
    """Store what was told, and derive from the purchases as of now."""
    by_email = {person.email: person for person in ids if person.email}
    for email, days, topics, words in TOLD:
        person = by_email[email]
        actor = Actor("customer", accounts[person])
        then = replace(context, now=context.now - timedelta(days=days), actor=actor, source=Source.ACCOUNT)
        version = interests.version_of(interests.read(then, ids[person]))
        interests.save(then, ids[person], version, topics, words)
    for email in dict.fromkeys(email for email, *_ in TOLD):
        personalisation.refresh(context, ids[by_email[email]])
