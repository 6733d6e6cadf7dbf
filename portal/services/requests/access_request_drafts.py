"""The access request that a customer is filling in: one answer after the other, on the server, until it is signed.

One draft for each customer. Every answer carries the version it was given against: a second tab that has moved on is
noticed, and what was typed is kept by the form.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal.models.access_request_draft import AccessRequestDraft
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.access_requests import CHOSEN
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.errors import RuleBroken, Stale
from portal.rules.phone import display_phone
from portal.rules.register import Retention
from portal.rules.request_answers import Answers, ContactBy, checked
from portal.rules.request_statement import digest, place
from portal.services.register import notice, profile, young_contacts
from portal.services.register.profile import Profile
from portal.services.requests import access_requests
from portal.services.requests.access_requests import Signature

OUT_OF_DATE = "access_request.out_of_date"


class Question(StrEnum):
    """The questions in their order."""

    SCOPE = "scope"
    CATEGORIES = "categories"
    WISHES = "wishes"
    CONTACT = "contact"
    DELIVERY = "delivery"


@dataclass(frozen=True)
class Draft:
    """The answers so far; None where a question was not answered yet. Version 0 is a draft that nobody has begun."""

    scope: str | None = None
    categories: tuple[str, ...] | None = None
    wishes: str | None = None
    contact_by: str | None = None
    contact: str | None = None
    delivery: str | None = None
    submission: str = ""
    version: int = 0

    @property
    def asked(self) -> list[Question]:
        """The questions this draft is asked."""
        return [item for item in Question if item is not Question.CATEGORIES or self.scope == CHOSEN]

    @property
    def unanswered(self) -> Question | None:
        """The first question without an answer."""
        return next((item for item in self.asked if getattr(self, _KEY.get(item, item)) is None), None)


_KEY = {Question.CONTACT: "contact_by"}
_ANSWERS = ("scope", "categories", "wishes", "contact_by", "contact", "delivery")


def read(context: Context, customer_id: int) -> Draft:
    """The draft as it is; one that has grown old counts as not begun."""
    return _draft(connection().execute(_row(customer_id)).first(), context.now)


def save(context: Context, customer_id: int, version: int, **answers: Any) -> Draft:
    """Store the answer to one question. Returns the draft as it is now.

    Raises `Stale` when the draft has moved on since `version`; the same answer sent twice is no change.
    """
    _lock(customer_id)
    stored = _draft(db.session.execute(_row(customer_id)).first(), context.now)
    if stored.version and all(getattr(stored, name) == value for name, value in answers.items()):
        return stored
    if version != stored.version:
        raise Stale(stored.version)
    if not stored.version:
        _begin(context, customer_id)
    values = {**answers, "version": AccessRequestDraft.version + 1}
    own = AccessRequestDraft.customer_id == customer_id
    db.session.execute(update(AccessRequestDraft).where(own).values(**values))
    return _draft(db.session.execute(_row(customer_id)).first(), context.now)


def discard(context: Context, customer_id: int) -> None:
    """Forget the draft."""
    db.session.execute(delete(AccessRequestDraft).where(AccessRequestDraft.customer_id == customer_id))


def answers_of(draft: Draft, person: Profile, locale: str) -> Answers:
    """The answers of a draft that is complete, as they go into the request. Raises `RuleBroken` when it is not."""
    ways = ways_to_reach(person, locale)
    by_other = draft.contact_by == ContactBy.OTHER
    answers = Answers(
        scope=draft.scope or "",
        categories=draft.categories or (),
        wishes=draft.wishes or "",
        contact=(draft.contact if by_other else ways.get(draft.contact_by or "")) or "",
        delivery=draft.delivery or "",
    )
    return checked(answers, notice.categories())


def ways_to_reach(person: Profile, locale: str) -> dict[str, str]:
    """How the customer can be reached by what the register knows, each with the address or number itself."""
    known = {
        ContactBy.EMAIL.value: person.email,
        ContactBy.PHONE.value: display_phone(person.phone, locale) if person.phone else None,
        ContactBy.POST.value: place(person.street, person.postal_code, person.city),
    }
    return {way: value for way, value in known.items() if value}


def address_is_young(context: Context, customer_id: int) -> date | None:
    """The day on which the postal address was changed, while it is too young for a copy; else None."""
    changed = young_contacts.address_changed(context, customer_id)
    return helsinki_date(changed) if changed else None


def check_delivery(context: Context, customer_id: int, person: Profile, delivery: str) -> None:
    """Raise `RuleBroken` where the copy cannot be posted: without an address, or to a young one."""
    unsafe = address_is_young(context, customer_id) is not None
    if delivery == "post" and (unsafe or ContactBy.POST not in ways_to_reach(person, person.language)):
        raise RuleBroken.of("delivery", "access_request.post_not_possible")


def sign(context: Context, customer_id: int, signature: Signature, shown: str) -> str:
    """Make the draft the request that was shown, and forget it. Returns the number of the request.

    `shown` is the digest of the words that the page showed. Raises `RuleBroken` when they would be others now: nobody
    signs what they did not see. The caller has checked the password.
    """
    _lock(customer_id)
    known = access_requests.find_submission(context, customer_id, signature.submission)
    if known is not None:
        return known
    draft = _draft(db.session.execute(_row(customer_id)).first(), context.now)
    if draft.unanswered is not None or draft.submission != signature.submission:
        raise RuleBroken.of(None, OUT_OF_DATE)
    person = profile.read(context, customer_id)
    answers = answers_of(draft, person, signature.language)
    if digest(access_requests.statement_of(context, customer_id, answers, signature.language)) != shown:
        raise RuleBroken.of(None, OUT_OF_DATE)
    check_delivery(context, customer_id, person, answers.delivery)
    reference = access_requests.submit(context, customer_id, answers, signature)
    discard(context, customer_id)
    return reference


def _begin(context: Context, customer_id: int) -> None:
    """Write the row of a new draft in the place of one that has grown old."""
    discard(context, customer_id)
    values = {"customer_id": customer_id, "created_at": context.now, "submission": secrets.token_hex(16)}
    db.session.execute(insert(AccessRequestDraft).values(**values, version=0))


def _row(customer_id: int) -> Any:
    return select(*AccessRequestDraft.__table__.columns).where(AccessRequestDraft.customer_id == customer_id)


def _lock(customer_id: int) -> None:
    db.session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update()).one()


def _draft(row: Any, now: datetime) -> Draft:
    if row is None or row.created_at < now - timedelta(days=Retention.SHORT.rule.days):
        return Draft()
    answers = {name: getattr(row, name) for name in _ANSWERS}
    categories = answers.pop("categories")
    chosen = None if categories is None else tuple(categories)
    return Draft(**answers, categories=chosen, submission=row.submission, version=row.version)
