"""What an order tells of its customer, in the register's own form: names without needless spaces, phone in
international form where it can be read, postal code and city as the country writes them."""

from __future__ import annotations

import re
from functools import lru_cache

from portal.rules.business_id import check_business_id
from portal.rules.countries import HOME
from portal.rules.errors import RuleBroken
from portal.rules.phone import phone_or_none
from portal.rules.postal import check_postal
from portal.services.imports.received import ORDER_FIELDS, Received
from portal.services.imports.values import clean_key

LONGEST_PERSON_NAME = 100
# The common way of writing the common number. `phone_or_none` reads it equally, at fifty times the cost.
_FINNISH_MOBILE = re.compile(r"(?:\+358 ?|0)((?:4[0-8]|50)(?:[ -]?[0-9]){5,8})")
EMAIL = ORDER_FIELDS.index("email")
PHONE = ORDER_FIELDS.index("phone")
STREET = ORDER_FIELDS.index("billing_street")
_BILLING = ORDER_FIELDS.index("billing_name")
_LANGUAGES = {"FI": "fi", "AX": "sv", "SE": "sv"}

# In the order of the columns that `customers.py` writes: first name, last name, company, business ID, e-mail,
# e-mail identity, phone, street, postal code, city, country, language.
Details = tuple[
    str, str, str | None, str | None, str | None, str | None, str | None, str | None, str | None, str | None,
    str | None, str,
]  # fmt: skip
DETAIL_FIELDS = (
    "first_name",
    "last_name",
    "company",
    "business_id",
    "email",
    "email_identity",
    "phone",
    "street",
    "postal_code",
    "city",
    "country",
    "language",
)


def details_of(order: Received) -> Details:
    """The details of an order's customer as a new row of the register holds them.

    A phone number that cannot be read stays on the order alone, as received.
    """
    stored = order[4]
    _, identity, first, last, company, business_id = order[3]
    name, street, postal_code, city, country = stored[_BILLING : _BILLING + 5]
    if not (first or last or company) and name:
        last = name[:LONGEST_PERSON_NAME]
    code, town = _place(postal_code or "", city or "", country or "")
    return (
        clean_key(first),
        clean_key(last),
        clean_key(company) or None,
        _business_id(business_id) if business_id else None,
        stored[EMAIL],
        identity,
        _phone(stored[PHONE], country or HOME) if stored[PHONE] else None,
        clean_key(street) if street else None,
        code or None,
        town or None,
        country,
        # Nobody has chosen a language; the address is the best guess until the customer does.
        _LANGUAGES.get(country or HOME, "en"),
    )


@lru_cache(maxsize=20_000)
def _place(postal_code: str, city: str, country: str) -> tuple[str, str]:
    try:
        return check_postal(postal_code, city, country)
    except RuleBroken:
        return clean_key(postal_code), clean_key(city)


def _phone(text: str, region: str) -> str | None:
    common = _FINNISH_MOBILE.fullmatch(text) if region == HOME else None
    if common:
        return "+358" + re.sub("[ -]", "", common[1])
    return phone_or_none(text, region)


def _business_id(text: str) -> str:
    try:
        return check_business_id(text)
    except RuleBroken:
        return clean_key(text)
