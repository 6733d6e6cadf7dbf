"""Consents and prohibitions that a customer tells an employee: by phone, e-mail, letter or in the shop (notice §12).

A prohibition needs no more than the customer's word. A consent stores the text in the language in which it was read,
and one by phone is confirmed by mail, so that the customer can see and withdraw it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from portal.mail import consents as mail
from portal.mail.recipients import Recipient
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.message import Message
from portal.rules.consents import Action, Kind, possible, wording
from portal.rules.context import Context
from portal.rules.errors import Problem, RuleBroken
from portal.rules.register import STAFF_SOURCES, Retention, Source
from portal.rules.retention import kept_since
from portal.rules.texts import LOCALES
from portal.services.choices import consent_events, consents
from portal.services.choices.consent_events import Said
from portal.services.choices.consents import Switch
from portal.services.register import customer_openings


@dataclass(frozen=True)
class Told:
    """What the employee filled in; `spoken` is the language in which the text was read. `shown` says how the page
    showed the switch, and `submission` is its random name."""

    action: str
    source: str
    spoken: str
    shown: str
    submission: str


def record(context: Context, customer_uuid: uuid.UUID, kind: Kind, told: Told) -> str:
    """Store what the customer told. Returns the code of the text that says what follows.

    Raises `RuleBroken` naming everything that is missing, or when the page was out of date, and `Denied` without an
    opening of the customer that is in force.
    """
    customer = consent_events.lock(customer_openings.require(context, customer_uuid).customer_id)
    switch = consents.read_one(context, customer.id, kind, customer.language)
    consent_events.as_shown(told.shown, told.submission, {kind.code: (switch.rule, kind.version)})
    if _was_sent(customer.id, kind, told):
        return "consent.stored"
    _check(switch, told)
    language = told.spoken if told.action == Action.GIVEN else customer.language
    exact = wording(kind, switch.rule, language, consents.controller_name()).exact
    said = Said(language, exact, kind.version)
    then = replace(context, source=Source(told.source))
    event_id = consent_events.append(then, customer.id, kind, Action(told.action), said, told.submission)
    return _confirm(then, customer, event_id) if told.action == Action.GIVEN else "consent.stored"


def unconfirmed(context: Context, events: Iterable[Any]) -> set[int]:
    """The numbers of those events that are consents by phone of which no mail told the customer: there was no address,
    and the confirmation goes by letter. Of what is older than messages are kept, nothing is known."""
    since = kept_since(Retention.MESSAGES, context.now)
    by_phone = {
        event.id
        for event in events
        if (event.source, event.action) == (Source.PHONE, Action.GIVEN) and event.recorded_at >= since
    }
    told = [{"event": event_id} for event_id in by_phone]
    mailed = select(Message.params).where(Message.kind == "consent_by_phone", Message.params.in_(told))
    return by_phone - {params["event"] for params in connection().execute(mailed).scalars()} if told else set()


def _was_sent(customer_id: int, kind: Kind, told: Told) -> bool:
    # What is no action cannot have been stored; the check that follows says so.
    known = told.action in set(Action)
    return known and consent_events.was_sent(customer_id, told.submission, {kind.code: Action(told.action)})


def _check(switch: Switch, told: Told) -> None:
    problems = []
    if told.action not in possible(switch.rule, switch.actions):
        problems.append(Problem("action", "consent.action_required"))
    if told.source not in set(STAFF_SOURCES):
        problems.append(Problem("source", "consent.source_required"))
    if told.action == Action.GIVEN and told.spoken not in LOCALES:
        problems.append(Problem("spoken", "consent.language_required"))
    if problems:
        raise RuleBroken(*problems)


def _confirm(context: Context, customer: Customer, event_id: int) -> str:
    """Confirm a consent by phone in writing; other ways leave something written with the customer or the company."""
    if context.source is not Source.PHONE:
        return "consent.stored"
    if customer.email is None:
        return "consent.stored_by_letter"
    mail.consent_by_phone(context, Recipient(customer.id, customer.email, customer.language), event_id)
    return "consent.stored_confirmed"
