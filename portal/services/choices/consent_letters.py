"""The letter that confirms a consent by phone to a customer whom no mail reaches: printed, posted, and the day noted.

The letter says what was read, when and in which way, and how the consent is withdrawn, so that the customer has on
paper what others get by mail (`staff_consents`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import Row, insert, select

from portal.models.base import db
from portal.models.consent import ConsentLetter
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.errors import NotFound, RuleBroken
from portal.rules.formats import format_date, format_datetime
from portal.rules.texts import text
from portal.services.auditing import audit
from portal.services.choices import consent_events, consents, staff_consents
from portal.services.foundation import documents
from portal.services.foundation.documents import Document, Paragraph, Quote
from portal.services.foundation.postal_lines import COLUMNS, postal_lines
from portal.services.register import customer_openings


@dataclass(frozen=True)
class Letter:
    """What a letter confirms, a row of the customer's history, and to whom it goes: `has_address` where it can be
    posted. `language` is the customer's."""

    event: Row[Any]
    language: str
    recipient: tuple[str, ...]
    has_address: bool


def find(context: Context, customer_id: int, event_id: int) -> Letter:
    """The letter about one consent. Raises `NotFound` where none is due and none was posted."""
    event = consents.read_event(context, customer_id, event_id)
    if event is None or not (event.posted_on or staff_consents.unconfirmed(context, [event])):
        raise NotFound
    columns = (*COLUMNS, Customer.language)
    own = select(*columns).where(Customer.id == consents.owner_of(customer_id))
    customer = connection().execute(own).one()
    lines = postal_lines(customer, customer.language)
    return Letter(event, customer.language, lines, bool(customer.street and customer.city))


def render(context: Context, letter: Letter) -> bytes:
    """The letter as a PDF, in the customer's language; what was read stands in the language in which it was read."""
    controller, language, event = current_app.config["PORTAL_CONTROLLER"], letter.language, letter.event
    moment = format_datetime(event.recorded_at, language)
    document = Document(
        title=text("consent_letter.title", language),
        language=language,
        written_at=context.now.replace(microsecond=0),
        blocks=(
            Paragraph(text("consent_letter.given", language, moment=moment)),
            Quote(event.wording),
            Paragraph(text("consent_letter.withdraw", language)),
            Paragraph(text("consent_letter.why", language)),
            Paragraph(f"{controller.name}\n{controller.register(language)}"),
        ),
        heading_lines=(format_date(helsinki_date(context.now), language),),
        recipient=letter.recipient,
    )
    return documents.render(document)


def note_posted(context: Context, customer_uuid: uuid.UUID, event_id: int, day: date | None) -> None:
    """Store the day on which the letter was posted. The same day again changes nothing.

    Raises `RuleBroken` for what is no day, one before the consent or in the future, and where another day is stored;
    `NotFound` where no letter is due; `Denied` without an opening of the customer that is in force.
    """
    customer_id = customer_openings.require(context, customer_uuid).customer_id
    consent_events.lock(customer_id)
    event = find(context, customer_id, event_id).event
    if day is None:
        raise RuleBroken.of("posted_on", "consent_letter.day_invalid")
    if day > helsinki_date(context.now):
        raise RuleBroken.of("posted_on", "consent_letter.in_future")
    if day < helsinki_date(event.recorded_at):
        raise RuleBroken.of("posted_on", "consent_letter.before_consent")
    if event.posted_on:
        if event.posted_on != day:
            raise RuleBroken.of(None, "consent_letter.noted_already")
        return
    row = {"event_id": event_id, "posted_on": day, "noted_at": context.now, "staff_id": context.actor.id}
    db.session.execute(insert(ConsentLetter).values(**row))
    audit.record(context, "consent.letter_posted", customer_id=customer_id, kind=event.kind)
