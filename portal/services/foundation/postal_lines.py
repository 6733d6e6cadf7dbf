"""A customer's name and address as the lines of a letter."""

from __future__ import annotations

from typing import Any

from portal.models.customer import Customer
from portal.rules.countries import HOME, country_name

# What the lines are made of.
COLUMNS = tuple(
    getattr(Customer, name)
    for name in ("first_name", "last_name", "company", "street", "postal_code", "city", "country")
)


def postal_lines(row: Any, language: str) -> tuple[str, ...]:
    """The lines of a row that holds `COLUMNS`, the country in the language of the letter where it is abroad."""
    name = f"{row.first_name} {row.last_name}".strip()
    place = " ".join(part for part in (row.postal_code, row.city) if part)
    country = country_name(row.country, language) if row.country and row.country != HOME else ""
    return tuple(line for line in (name, row.company, row.street, place, country) if line)
