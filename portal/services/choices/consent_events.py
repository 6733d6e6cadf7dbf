"""The rows of consents and prohibitions: the one place that writes them. Nothing ever changes or removes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select

from portal.models.base import db
from portal.models.consent import ConsentEvent
from portal.models.customer import Customer
from portal.rules.consents import Action, Kind, Position, is_submission, read_shown
from portal.rules.context import Context
from portal.rules.errors import RuleBroken
from portal.services.auditing import audit
from portal.services.choices import consent_effects, consents
from portal.services.choices.consents import RuleNow

OUT_OF_DATE = "consent.out_of_date"
REFUSALS = (Action.WITHDRAWN, Action.FORBIDDEN)


@dataclass(frozen=True)
class Said:
    """The words of a choice: the exact text, its version, and the language it was shown or read in."""

    language: str
    text: str
    version: int


def lock(customer_id: int) -> Customer:
    """The row of the person whose choices these are, locked until the end of the transaction, so that the order of
    the events is the order of the choices."""
    statement = select(Customer).where(Customer.id == consents.owner_of(customer_id)).with_for_update()
    return db.session.execute(statement).scalar_one()


def as_shown(shown: str, submission: str, now: Mapping[str, RuleNow]) -> tuple[str, dict[str, Position]]:
    """The language in which a page showed its switches, and how they stood.

    Raises `RuleBroken` when the page had other switches, rules or words than now: nobody agrees to what they did
    not see.
    """
    read = read_shown(shown)
    if read is None or not is_submission(submission):
        raise RuleBroken.of(None, OUT_OF_DATE)
    if now != {code: (position.rule, position.version) for code, position in read[1].items()}:
        raise RuleBroken.of(None, OUT_OF_DATE)
    return read


def was_sent(customer_id: int, submission: str, turned: Mapping[str, Action]) -> bool:
    """Whether this very form was stored already.

    Raises `RuleBroken` when it was, with other choices: a browser may show an old form again.
    """
    statement = select(ConsentEvent.kind, ConsentEvent.action).where(
        ConsentEvent.customer_id == customer_id, ConsentEvent.submission == submission
    )
    stored = {row.kind: row.action for row in db.session.execute(statement).all()}
    if stored and stored != turned:
        raise RuleBroken.of(None, OUT_OF_DATE)
    return bool(stored)


def latest(customer_id: int, kind: Kind) -> ConsentEvent | None:
    """The newest event of a kind on one record."""
    own = select(ConsentEvent).where(ConsentEvent.customer_id == customer_id, ConsentEvent.kind == kind.code)
    return db.session.execute(own.order_by(ConsentEvent.id.desc()).limit(1)).scalar_one_or_none()


def append(
    context: Context, customer_id: int, kind: Kind, action: Action, said: Said, submission: str | None = None
) -> int:
    """Store one choice, note it in the audit log and carry it out. Returns the number of its row."""
    row = insert(ConsentEvent).values(
        customer_id=customer_id,
        kind=kind.code,
        action=action.value,
        recorded_at=context.now,
        source=context.source.value,
        actor_kind=context.actor.kind,
        actor_id=context.actor.id,
        language=said.language,
        wording=said.text,
        wording_version=said.version,
        submission=submission,
    )
    event_id = db.session.execute(row.returning(ConsentEvent.id)).scalar_one()
    told = context.source.value
    audit.record(context, "consent.recorded", customer_id=customer_id, kind=kind.code, choice=action.value, source=told)
    consent_effects.apply(context, customer_id, kind, action)
    return event_id
