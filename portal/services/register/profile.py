"""A customer's own contact details: what they are, where they came from, how they changed, and changing them.

Every change is held against the rules with all problems at once, and stored through `provenance` (register notice §11).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import bindparam, func, select

from portal.models.customer import Customer, Provenance
from portal.models.database import connection
from portal.rules.business_id import check_business_id
from portal.rules.clean_text import clean_line
from portal.rules.context import Context
from portal.rules.errors import Problem, RuleBroken
from portal.rules.names import check_company_name, check_person_name
from portal.rules.phone import check_phone
from portal.rules.postal import check_postal
from portal.rules.texts import LOCALES
from portal.services.foundation import older_pages
from portal.services.register import provenance
from portal.services.register.provenance import Change

LONGEST_STREET = 100
PAGE_SIZE = 50
# Comparing forms of a value: they change with it and would only repeat its line.
SHADOWS = ("email_identity",)
Value = TypeVar("Value")


class Profile(NamedTuple):
    """The contact details as they are now; `source` and `created_at` are those of the customer's first entry."""

    first_name: str
    last_name: str
    company: str | None
    business_id: str | None
    email: str | None
    phone: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    country: str | None
    language: str
    source: str
    created_at: datetime
    version: int


@dataclass(frozen=True)
class Step:
    """One change in the history: the value before and after it, None where there was none."""

    field: str
    before: str | None
    after: str | None
    source: str
    actor_kind: str
    changed_at: datetime


@dataclass(frozen=True)
class StepPage:
    """A page of the history, newest first, and the cursor to what is older, None at the end."""

    steps: list[Step]
    older: str | None


_PROFILE = select(*(getattr(Customer, name) for name in Profile._fields)).where(Customer.id == bindparam("customer_id"))
# What a change wrote is what the next one of the same field replaced.
_NEXT: dict[str, Any] = {"partition_by": Provenance.field, "order_by": Provenance.id}
_CHANGES = (
    select(
        Provenance.id,
        Provenance.field,
        Provenance.old_value,
        Provenance.source,
        Provenance.actor_kind,
        Provenance.changed_at,
        func.lead(Provenance.id).over(**_NEXT).label("next_id"),
        func.lead(Provenance.old_value).over(**_NEXT).label("next_old_value"),
    )
    .where(Provenance.customer_id == bindparam("customer_id"), Provenance.field.not_in(SHADOWS))
    .subquery()
)


def read(context: Context, customer_id: int) -> Profile:
    """The customer's details."""
    return Profile._make(connection().execute(_PROFILE, {"customer_id": customer_id}).one())


def origins(context: Context, customer_id: int, profile: Profile) -> dict[str, Change]:
    """Where each present value came from and when, by field; what never changed came with the customer's entry."""
    latest = provenance.latest(context, customer_id)
    kind = "customer" if profile.source == "registration" else "command"
    return {
        name: latest.get(name) or Change(name, profile.source, kind, profile.created_at) for name in provenance.TRACKED
    }


def changes(context: Context, customer_id: int, after: str | None = None) -> StepPage:
    """A page of the changes of the customer's details, newest first. Raises `ValueError` for a bad cursor."""
    own = select(_CHANGES).params(customer_id=customer_id)
    place = (_CHANGES.c.changed_at, _CHANGES.c.id)
    found = older_pages.read(own, place, PAGE_SIZE, {"customer": customer_id, "list": "profile"}, after)
    current = read(context, customer_id)._asdict()
    steps = [
        Step(
            row.field,
            row.old_value,
            current.get(row.field) if row.next_id is None else row.next_old_value,
            row.source,
            row.actor_kind,
            row.changed_at,
        )
        for row in found.rows
    ]
    return StepPage(steps, found.older)


def change_name(context: Context, customer_id: int, version: int, *, first_name: str, last_name: str) -> list[str]:
    """Change the person's name. Raises `RuleBroken`, and `Stale` when the details moved on since `version`."""
    check = _Checks()
    values = {
        "first_name": check(lambda: _name(first_name, "first_name", "name.first_required")),
        "last_name": check(lambda: _name(last_name, "last_name", "name.last_required")),
    }
    return _save(context, customer_id, version, values, check)


def change_phone(context: Context, customer_id: int, version: int, *, phone: str) -> list[str]:
    """Change the phone number; an empty one takes it away."""
    check = _Checks()
    values = {"phone": check(lambda: check_phone(phone)) if phone else None}
    return _save(context, customer_id, version, values, check)


def change_address(
    context: Context, customer_id: int, version: int, *, street: str, postal_code: str, city: str, country: str
) -> list[str]:
    """Change the postal address; postal code and city are held against each other."""
    check = _Checks()
    checked_street = check(lambda: _street(street))
    place = check(lambda: check_postal(postal_code, city, country)) or ("", "")
    values = {
        "street": checked_street,
        "postal_code": place[0] or None,
        "city": place[1],
        "country": country,
    }
    return _save(context, customer_id, version, values, check)


def change_company(context: Context, customer_id: int, version: int, *, company: str, business_id: str) -> list[str]:
    """Change the company and its business ID; an empty company takes both away."""
    check = _Checks()
    values = {
        "company": check(lambda: check_company_name(company, "company")) if company or business_id else None,
        "business_id": check(lambda: check_business_id(business_id)) if business_id else None,
    }
    return _save(context, customer_id, version, values, check)


def change_language(context: Context, customer_id: int, version: int, *, language: str) -> list[str]:
    """Change the language in which the customer is written to."""
    check = _Checks()
    if language not in LOCALES:
        check.problems.append(Problem("language", "language.invalid"))
    return _save(context, customer_id, version, {"language": language}, check)


def _name(text: str, field: str, when_empty: str) -> str:
    if not text:
        raise RuleBroken.of(field, when_empty)
    return check_person_name(text, field)


def _street(text: str) -> str:
    if not text:
        raise RuleBroken.of("street", "postal.street_required")
    return clean_line(text, LONGEST_STREET, "street", minimum=1)


class _Checks:
    """Runs checks and gathers what they refuse, so that all of it is told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(self, checked: Callable[[], Value]) -> Value | None:
        try:
            return checked()
        except RuleBroken as broken:
            self.problems += broken.problems
            return None


def _save(context: Context, customer_id: int, version: int, values: dict[str, str | None], check: _Checks) -> list[str]:
    if check.problems:
        raise RuleBroken(*check.problems)
    return provenance.set_fields(context, provenance.lock(customer_id), values, version=version)
