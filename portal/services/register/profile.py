"""A customer's own contact details: what they are, where they came from, how they changed, and changing them.

Every change is held against the rules with all problems at once, and stored through `provenance` (register notice §11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from portal.models.customer import Customer, Provenance
from portal.models.database import connection
from portal.rules.business_id import check_business_id
from portal.rules.contact_details import check_language, check_own_name, check_street
from portal.rules.context import Context
from portal.rules.errors import Problems
from portal.rules.names import check_company_name
from portal.rules.phone import check_phone
from portal.rules.postal import check_postal
from portal.services.foundation import older_pages
from portal.services.register import provenance
from portal.services.register.provenance import Change

PAGE_SIZE = 50
# Comparing forms of a value: they change with it and would only repeat its line.
SHADOWS = ("email_identity",)


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
    problems = Problems()
    values = {
        "first_name": problems.of(lambda: check_own_name(first_name, "first_name"), ""),
        "last_name": problems.of(lambda: check_own_name(last_name, "last_name"), ""),
    }
    problems.refuse()
    return _save(context, customer_id, version, values)


def change_phone(context: Context, customer_id: int, version: int, *, phone: str) -> list[str]:
    """Change the phone number; an empty one takes it away."""
    return _save(context, customer_id, version, {"phone": check_phone(phone) if phone else None})


def change_address(
    context: Context, customer_id: int, version: int, *, street: str, postal_code: str, city: str, country: str
) -> list[str]:
    """Change the postal address; postal code and city are held against each other."""
    problems = Problems()
    checked_street = problems.of(lambda: check_street(street), "")
    code, town = problems.of(lambda: check_postal(postal_code, city, country), ("", ""))
    values = {
        "street": checked_street,
        "postal_code": code or None,
        "city": town,
        "country": country,
    }
    problems.refuse()
    return _save(context, customer_id, version, values)


def change_company(context: Context, customer_id: int, version: int, *, company: str, business_id: str) -> list[str]:
    """Change the company and its business ID; an empty company takes both away."""
    problems = Problems()
    values = {
        "company": problems.of(lambda: check_company_name(company, "company"), "") if company or business_id else None,
        "business_id": problems.of(lambda: check_business_id(business_id), "") if business_id else None,
    }
    problems.refuse()
    return _save(context, customer_id, version, values)


def change_language(context: Context, customer_id: int, version: int, *, language: str) -> list[str]:
    """Change the language in which the customer is written to."""
    return _save(context, customer_id, version, {"language": check_language(language)})


def _save(context: Context, customer_id: int, version: int, values: Mapping[str, str | None]) -> list[str]:
    return provenance.set_fields(context, provenance.lock(customer_id), values, version=version)
