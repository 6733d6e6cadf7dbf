"""What somebody types to sign up, checked as a whole: every problem is named at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from typing import TypeVar

from portal.rules.business_id import check_business_id
from portal.rules.clean_text import clean_line
from portal.rules.email_identity import check_email
from portal.rules.errors import Problem, RuleBroken
from portal.rules.names import check_company_name, check_person_name
from portal.rules.phone import check_phone
from portal.rules.postal import check_postal
from portal.rules.texts import LOCALES
from portal.services.accounts import new_passwords

LONGEST_STREET = 100
Value = TypeVar("Value")


@dataclass(frozen=True)
class Details:
    """The details of a sign-up, as typed or, after `check`, in normal form."""

    email: str
    first_name: str
    last_name: str
    phone: str
    street: str
    postal_code: str
    city: str
    country: str
    language: str
    company: str | None = None
    business_id: str | None = None

    def fingerprint(self) -> tuple[str, ...]:
        """All details as texts, in one order."""
        return tuple(value or "" for value in astuple(self))


class _Problems:
    """Collects what each check finds wrong."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def of(self, check: Callable[[], Value], instead: Value) -> Value:
        """The value of a check, or `instead` after its problems were noted."""
        try:
            return check()
        except RuleBroken as broken:
            self.found += broken.problems
            return instead


def check(typed: Details, password: str) -> Details:
    """Return the details in normal form. Raises `RuleBroken` with every problem of every field."""
    problems = _Problems()
    checked = replace(
        typed,
        first_name=problems.of(lambda: _name(typed.first_name, "first_name", "name.first_required"), ""),
        last_name=problems.of(lambda: _name(typed.last_name, "last_name", "name.last_required"), ""),
        email=problems.of(lambda: check_email(typed.email).display, ""),
        phone=problems.of(lambda: check_phone(typed.phone), ""),
        street=problems.of(lambda: _street(typed.street), ""),
        company=problems.of(lambda: check_company_name(typed.company, "company") if typed.company else None, None),
        business_id=problems.of(lambda: check_business_id(typed.business_id) if typed.business_id else None, None),
        language=problems.of(lambda: _language(typed.language), ""),
    )
    postal_code, city = problems.of(lambda: check_postal(typed.postal_code, typed.city, typed.country), ("", ""))
    # As checked: what is no name, and may be as long as a request, is nothing to look for in a password.
    own = (checked.first_name, checked.last_name, checked.email, checked.phone, checked.company or "")
    problems.of(lambda: new_passwords.check(password, own, field="password"), None)
    if problems.found:
        raise RuleBroken(*problems.found)
    return replace(checked, postal_code=postal_code, city=city)


def _name(text: str, field: str, when_empty: str) -> str:
    if not text:
        raise RuleBroken.of(field, when_empty)
    return check_person_name(text, field)


def _street(text: str) -> str:
    if not text:
        raise RuleBroken.of("street", "postal.street_required")
    return clean_line(text, LONGEST_STREET, "street", minimum=1)


def _language(code: str) -> str:
    if code not in LOCALES:
        raise RuleBroken.of("language", "language.invalid")
    return code
