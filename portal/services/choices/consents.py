"""What a customer consents to and forbids, as it stands now and as it came about.

`may_contact` is the gate of direct marketing: whoever sends asks it for each customer, right before sending. For e-mail
`audiences.may_mail` says the same of a mailbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.models.consent import ConsentEvent, ConsentLetter
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules.consents import (
    KINDS,
    MARKETING,
    PERSONALISATION,
    SURVEY,
    Channel,
    Kind,
    Position,
    Rule,
    Wording,
    permitted,
    switched_on,
    wording,
    write_shown,
)
from portal.rules.context import Context
from portal.rules.legal_persons import is_legal_person
from portal.rules.texts import LOCALES
from portal.services.foundation import older_pages
from portal.services.foundation.older_pages import OlderPage

PAGE_SIZE = 20
# The rule of a switch and the version of its wording, as they are now.
RuleNow = tuple[str, int]


@dataclass(frozen=True)
class Latest:
    """The newest word about a kind."""

    action: str
    recorded_at: datetime


@dataclass(frozen=True)
class Switch:
    """One choice as it stands: `on` means a consent given, or a prohibition made, as its wording says."""

    kind: Kind
    rule: Rule
    actions: tuple[str, ...]
    latest: Latest | None
    wording: Wording

    @property
    def on(self) -> bool:
        """Whether the customer has turned it on."""
        return switched_on(self.rule, self.actions)


@dataclass(frozen=True)
class Choices:
    """Every switch in its order, and how they were shown, for the form that changes them."""

    switches: tuple[Switch, ...]
    shown: str


_HISTORY = (
    select(
        ConsentEvent.id,
        ConsentEvent.kind,
        ConsentEvent.action,
        ConsentEvent.recorded_at,
        ConsentEvent.source,
        ConsentEvent.actor_kind,
        ConsentEvent.language,
        ConsentEvent.wording,
        ConsentEvent.wording_version,
        Staff.name.label("staff_name"),
        ConsentLetter.posted_on,
    )
    .join_from(ConsentEvent, Customer, ConsentEvent.customer_id == Customer.id)
    .outerjoin(Staff, and_(ConsentEvent.actor_kind == "staff", ConsentEvent.actor_id == Staff.id))
    .outerjoin(ConsentLetter, ConsentLetter.event_id == ConsentEvent.id)
)


@dataclass(frozen=True)
class _Person:
    """Whose choices count: of a record that was joined to another, the other's."""

    id: int
    legal: bool


def controller_name() -> str:
    """The company that asks."""
    name: str = current_app.config["PORTAL_CONTROLLER"].name
    return name


def read(context: Context, customer_id: int, locale: str) -> Choices:
    """The customer's choices now, worded in a language."""
    person = _person(customer_id)
    events = _events(person.id)
    switches = tuple(_switch(kind, person, events, locale) for kind in KINDS.values())
    positions = (Position(item.kind.code, item.rule, item.kind.version, item.on) for item in switches)
    return Choices(switches, write_shown(locale, positions))


def read_one(context: Context, customer_id: int, kind: Kind, locale: str) -> Switch:
    """One of the choices."""
    person = _person(customer_id)
    return _switch(kind, person, _events(person.id), locale)


def readings(context: Context, customer_id: int, item: Switch) -> list[tuple[str, Wording]]:
    """The words of a switch in every language, the customer's own first, to be read to the customer."""
    own = connection().execute(select(Customer.language).where(Customer.id == owner_of(customer_id))).scalar_one()
    languages = sorted(LOCALES, key=lambda locale: locale != own)
    return [(locale, wording(item.kind, item.rule, locale, controller_name())) for locale in languages]


def rules_of(context: Context, customer_id: int) -> dict[str, RuleNow]:
    """The rule and the version of the wording of every kind, for this customer."""
    legal = _person(customer_id).legal
    return {code: (kind.rule(legal_person=legal), kind.version) for code, kind in KINDS.items()}


def history(context: Context, customer_id: int, after: str | None = None) -> OlderPage:
    """A page of everything that was chosen, joined records included: rows of the event's columns, with the name of the
    employee who wrote it down in `staff_name` and, where a letter confirmed it, the day of posting in `posted_on`.
    Raises `ValueError` for a bad cursor."""
    person, own = _own_history(customer_id)
    place = (ConsentEvent.recorded_at, ConsentEvent.id)
    return older_pages.read(own, place, PAGE_SIZE, {"customer": person, "list": "consents"}, after)


def read_event(context: Context, customer_id: int, event_id: int) -> Row[Any] | None:
    """One row of the history; None where it has no such row."""
    _, own = _own_history(customer_id)
    return connection().execute(own.where(ConsentEvent.id == event_id)).one_or_none()


def may_contact(context: Context, customer_id: int, channel: Channel) -> bool:
    """Whether direct marketing may reach the customer through a channel at this moment.

    To a person who represents a company it may concern matters of that work alone. Says nothing about service
    information, which needs no permission, nor whether an address or number is known.
    """
    return _is_permitted(customer_id, MARKETING[channel])


def may_survey(context: Context, customer_id: int) -> bool:
    """Whether the customer may be asked to take part in an opinion or market survey at this moment."""
    return _is_permitted(customer_id, KINDS[SURVEY])


def may_derive(context: Context, customer_id: int) -> bool:
    """Whether suggestions may be derived from the customer's purchases at this moment."""
    return _is_permitted(customer_id, KINDS[PERSONALISATION])


def latest_action(kind: str, customer_id: Any) -> ScalarSelect[Any]:
    """The newest word about a kind on the record of this number, as an expression; empty where nothing was said."""
    own = select(ConsentEvent.action).where(ConsentEvent.customer_id == customer_id, ConsentEvent.kind == kind)
    return own.order_by(ConsentEvent.id.desc()).limit(1).correlate_except(ConsentEvent).scalar_subquery()


def owner_of(customer_id: int) -> ColumnElement[int]:
    """The row number of the record that a customer's record was joined to, else its own, as an expression."""
    record = aliased(Customer)
    own = select(func.coalesce(record.merged_into_id, record.id)).where(record.id == customer_id)
    return own.scalar_subquery()


def _own_history(customer_id: int) -> tuple[int, Select[*tuple[Any, ...]]]:
    """Whose history it is, and its rows."""
    person = _person(customer_id).id
    return person, _HISTORY.where(or_(Customer.id == person, Customer.merged_into_id == person))


def _is_permitted(customer_id: int, kind: Kind) -> bool:
    person = _person(customer_id)
    actions = [event.action for event in _events(person.id, kind)]
    return permitted(kind.rule(legal_person=person.legal), actions)


def _person(customer_id: int) -> _Person:
    columns = (Customer.id, Customer.company, Customer.business_id)
    row = connection().execute(select(*columns).where(Customer.id == owner_of(customer_id))).one()
    return _Person(row.id, is_legal_person(row.company, row.business_id))


def _events(person_id: int, *kinds: Kind) -> Sequence[Any]:
    """Events in the order in which they were stored: of two tabs, the one that was saved last has the last word."""
    statement = select(ConsentEvent.kind, ConsentEvent.action, ConsentEvent.recorded_at).where(
        ConsentEvent.customer_id == person_id
    )
    if kinds:
        statement = statement.where(ConsentEvent.kind.in_([kind.code for kind in kinds]))
    return connection().execute(statement.order_by(ConsentEvent.id)).all()


def _switch(kind: Kind, person: _Person, events: Sequence[Any], locale: str) -> Switch:
    own = [event for event in events if event.kind == kind.code]
    rule = kind.rule(legal_person=person.legal)
    return Switch(
        kind=kind,
        rule=rule,
        actions=tuple(event.action for event in own),
        latest=Latest(own[-1].action, own[-1].recorded_at) if own else None,
        wording=wording(kind, rule, locale, controller_name()),
    )
