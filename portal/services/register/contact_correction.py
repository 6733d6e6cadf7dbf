"""Correcting a customer's contact details on the customer's word: by phone, e-mail, letter or in the shop (notice §11).

The rules of the values are those of the customer's own forms. The log-in e-mail is the customer's alone to change.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.models.account import Account
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.business_id import check_business_id
from portal.rules.contact_details import check_language, check_street
from portal.rules.context import Context
from portal.rules.email_identity import check_email
from portal.rules.errors import NotFound, Problem, Problems
from portal.rules.names import check_company_name, check_person_name
from portal.rules.phone import check_phone
from portal.rules.postal import check_postal
from portal.rules.register import STAFF_SOURCES, Source
from portal.services.register import customer_openings, provenance

Typed = Mapping[str, str]
Values = dict[str, str | None]


@dataclass(frozen=True)
class Part:
    """A group of details that is corrected together: its fields, and the check that brings them to normal form."""

    fields: tuple[str, ...]
    check: Callable[[Typed], Values]


@dataclass(frozen=True)
class Current:
    """What the form is filled with."""

    version: int
    values: dict[str, str]
    has_account: bool


def current(context: Context, customer_uuid: uuid.UUID, part: str) -> Current:
    """The details as they are. Raises `NotFound` for an unknown part and `Denied` without an opening."""
    fields = _part(part).fields
    opening = customer_openings.require(context, customer_uuid)
    columns = [Customer.__table__.c[name] for name in fields]
    row = connection().execute(select(Customer.version, *columns).where(Customer.id == opening.customer_id)).one()
    values = {name: getattr(row, name) or "" for name in fields}
    return Current(row.version, values, _has_account(opening.customer_id))


def correct(
    context: Context, customer_uuid: uuid.UUID, part: str, typed: Typed, *, source: str, version: int
) -> list[str]:
    """Store corrected details. Returns the names of the fields that changed.

    Raises `RuleBroken` naming every wrong field (`source` included), `Stale`, `NotFound` for an unknown part, and
    `Denied` without an opening that is in force.
    """
    opening = customer_openings.require(context, customer_uuid)
    problems = Problems()
    if source not in set(STAFF_SOURCES):
        problems.found.append(Problem("source", "correction.source_required"))
    if part == "email" and _has_account(opening.customer_id):
        problems.found.append(Problem("email", "correction.email_of_account"))
    values: Values = problems.of(lambda: _part(part).check(typed), {})
    problems.refuse()
    customer = provenance.lock(opening.customer_id)
    return provenance.set_fields(replace(context, source=Source(source)), customer, values, version=version)


def _name(typed: Typed) -> Values:
    problems = Problems()
    values: Values = {
        "first_name": problems.of(lambda: check_person_name(typed["first_name"], "first_name"), ""),
        "last_name": problems.of(lambda: check_person_name(typed["last_name"], "last_name"), ""),
    }
    problems.refuse()
    return values


def _company(typed: Typed) -> Values:
    company, business_id = typed["company"], typed["business_id"]
    problems = Problems()
    values: Values = {
        "company": problems.of(lambda: check_company_name(company, "company"), "") if company else None,
        "business_id": problems.of(lambda: check_business_id(business_id), "") if business_id else None,
    }
    problems.refuse()
    return values


def _email(typed: Typed) -> Values:
    if not typed["email"]:
        return {"email": None, "email_identity": None}
    address = check_email(typed["email"])
    return {"email": address.display, "email_identity": address.identity}


def _phone(typed: Typed) -> Values:
    return {"phone": check_phone(typed["phone"]) if typed["phone"] else None}


def _address(typed: Typed) -> Values:
    if not any(typed[field] for field in ("street", "postal_code", "city")):
        return dict.fromkeys(("street", "postal_code", "city", "country"))
    problems = Problems()
    street = problems.of(lambda: check_street(typed["street"]), "")
    place = (typed["postal_code"], typed["city"], typed["country"])
    postal_code, city = problems.of(lambda: check_postal(*place), ("", ""))
    problems.refuse()
    return {"street": street, "postal_code": postal_code, "city": city, "country": typed["country"]}


def _language(typed: Typed) -> Values:
    return {"language": check_language(typed["language"])}


PARTS: dict[str, Part] = {
    "name": Part(("first_name", "last_name"), _name),
    "company": Part(("company", "business_id"), _company),
    "email": Part(("email",), _email),
    "phone": Part(("phone",), _phone),
    "address": Part(("street", "postal_code", "city", "country"), _address),
    "language": Part(("language",), _language),
}


def _part(name: str) -> Part:
    if name not in PARTS:
        raise NotFound
    return PARTS[name]


def _has_account(customer_id: int) -> bool:
    return connection().execute(select(Account.id).where(Account.customer_id == customer_id)).first() is not None
