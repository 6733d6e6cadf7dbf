"""Consents and prohibitions of the demo's customers over the years: on their own pages, by phone, letter and link."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from portal.cli.demo.credentials import CUSTOMER_CARE_EMAIL, CUSTOMER_EMAIL
from portal.cli.demo.openings import open_for
from portal.cli.demo.people import Person
from portal.mail import consents as mail
from portal.mail.recipients import Recipient
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.staff import Staff
from portal.rules.consents import KINDS, Action, wording
from portal.rules.context import ANONYMOUS, Actor, Context
from portal.rules.opening_purposes import OpeningPurpose
from portal.rules.register import Source
from portal.services.choices import consent_changes, consent_events, consents
from portal.services.choices.consent_events import Said

Choice = tuple[str, Action, Source]
EERO, ASA, SIRPA = "eero.hamalainen@example.com", "asa.sjoblom@example.com", "tilaukset@rantamajakka.example"
# Whose, days ago, what about, what was chosen, and how it was told.
CHOICES: tuple[tuple[str, int, str, Action, Source], ...] = (
    (CUSTOMER_EMAIL, 985, "marketing_email", Action.GIVEN, Source.ACCOUNT),
    (CUSTOMER_EMAIL, 985, "marketing_sms", Action.GIVEN, Source.ACCOUNT),
    (CUSTOMER_EMAIL, 412, "marketing_phone", Action.FORBIDDEN, Source.PHONE),
    (CUSTOMER_EMAIL, 53, "marketing_sms", Action.WITHDRAWN, Source.ACCOUNT),
    (CUSTOMER_EMAIL, 53, "usage", Action.GIVEN, Source.ACCOUNT),
    (CUSTOMER_EMAIL, 52, "personalisation", Action.GIVEN, Source.ACCOUNT),
    (EERO, 730, "marketing_email", Action.GIVEN, Source.ACCOUNT),
    (EERO, 233, "survey", Action.FORBIDDEN, Source.ACCOUNT),
    (EERO, 20, "survey", Action.ALLOWED, Source.ACCOUNT),
    (EERO, 20, "usage", Action.GIVEN, Source.ACCOUNT),
    (EERO, 20, "personalisation", Action.GIVEN, Source.ACCOUNT),
    ("helmi.koskela@example.com", 75, "marketing_post", Action.FORBIDDEN, Source.IN_STORE),
    (ASA, 610, "marketing_email", Action.GIVEN, Source.PHONE),
    (ASA, 310, "marketing_phone", Action.FORBIDDEN, Source.EMAIL),
    ("olivia.bennett@example.com", 51, "marketing_email", Action.GIVEN, Source.ACCOUNT),
    (SIRPA, 401, "marketing_email", Action.FORBIDDEN, Source.ACCOUNT),
    ("paivi.ojala@example.com", 160, "marketing_post", Action.FORBIDDEN, Source.LETTER),
)
# Who followed the unsubscribe link of a mail, days ago.
UNSUBSCRIBED: tuple[tuple[str, int], ...] = ((EERO, 97),)


def choose_some(context: Context, ids: dict[Person, int], accounts: dict[Person, int]) -> None:
    """Store the choices, each at its time and by whoever told or wrote it down."""
    by_email = {person.email: person for person in ids if person.email}
    employee = db.session.execute(select(Staff.id).where(Staff.email == CUSTOMER_CARE_EMAIL)).scalar_one()
    waiting: list[tuple[int, str, Choice | None]] = [
        *((days, email, (kind, action, source)) for email, days, kind, action, source in CHOICES),
        *((days, email, None) for email, days in UNSUBSCRIBED),
    ]
    # The earliest first: the order of the rows is the order of the choices.
    for days, email, choice in sorted(waiting, key=lambda item: -item[0]):
        person = by_email[email]
        then = replace(context, now=context.now - timedelta(days=days))
        if choice is None:
            consent_changes.unsubscribe(
                replace(then, actor=ANONYMOUS), ids[person], KINDS["marketing_email"], person.language
            )
            continue
        kind, action, source = choice
        actor = Actor("customer", accounts[person]) if source is Source.ACCOUNT else Actor("staff", employee)
        if actor.kind == "staff":
            open_for(replace(then, actor=actor), ids[person], OpeningPurpose.CUSTOMER_CONTACT)
        _choose(replace(then, actor=actor, source=source), ids[person], person.language, kind, action)


def _choose(context: Context, customer_id: int, language: str, code: str, action: Action) -> None:
    kind = KINDS[code]
    rule = consents.read_one(context, customer_id, kind, language).rule
    words = wording(kind, rule, language, consents.controller_name())
    event_id = consent_events.append(context, customer_id, kind, action, Said(language, words.exact, kind.version))
    if (context.source, action) == (Source.PHONE, Action.GIVEN):
        email = db.session.execute(select(Customer.email).where(Customer.id == customer_id)).scalar_one()
        mail.consent_by_phone(context, Recipient(customer_id, email or "", language), event_id)
