"""A customer's contact details, held against the same rules at sign-up, in the customer's own forms and by staff."""

from __future__ import annotations

from portal.rules.clean_text import clean_line
from portal.rules.errors import RuleBroken
from portal.rules.names import check_person_name
from portal.rules.texts import LOCALES

LONGEST_STREET = 100


def check_own_name(text: str, field: str) -> str:
    """Return the `first_name` or `last_name` that people type of themselves, cleaned."""
    if not text:
        raise RuleBroken.of(field, f"name.{field.removesuffix('_name')}_required")
    return check_person_name(text, field)


def check_street(text: str) -> str:
    """Return a street address cleaned."""
    if not text:
        raise RuleBroken.of("street", "postal.street_required")
    return clean_line(text, LONGEST_STREET, "street", minimum=1)


def check_language(code: str) -> str:
    """Return the code of a language of the portal."""
    if code not in LOCALES:
        raise RuleBroken.of("language", "language.invalid")
    return code
