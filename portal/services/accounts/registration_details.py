"""What somebody types to sign up, checked as a whole: every problem is named at once."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace

from portal.rules.business_id import check_business_id
from portal.rules.contact_details import check_language, check_own_name, check_street
from portal.rules.email_identity import check_email
from portal.rules.errors import Problems
from portal.rules.names import check_company_name
from portal.rules.phone import check_phone
from portal.rules.postal import check_postal
from portal.services.accounts import new_passwords


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


def check(typed: Details, password: str) -> Details:
    """Return the details in normal form. Raises `RuleBroken` with every problem of every field."""
    problems = Problems()
    checked = replace(
        typed,
        first_name=problems.of(lambda: check_own_name(typed.first_name, "first_name"), ""),
        last_name=problems.of(lambda: check_own_name(typed.last_name, "last_name"), ""),
        email=problems.of(lambda: check_email(typed.email).display, ""),
        phone=problems.of(lambda: check_phone(typed.phone), ""),
        street=problems.of(lambda: check_street(typed.street), ""),
        company=problems.of(lambda: check_company_name(typed.company, "company") if typed.company else None, None),
        business_id=problems.of(lambda: check_business_id(typed.business_id) if typed.business_id else None, None),
        language=problems.of(lambda: check_language(typed.language), ""),
    )
    postal_code, city = problems.of(lambda: check_postal(typed.postal_code, typed.city, typed.country), ("", ""))
    # As checked: what is no name, and may be as long as a request, is nothing to look for in a password.
    own = (checked.first_name, checked.last_name, checked.email, checked.phone, checked.company or "")
    problems.of(lambda: new_passwords.check(password, own, field="password"), None)
    problems.refuse()
    return replace(checked, postal_code=postal_code, city=city)
