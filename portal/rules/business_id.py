"""The Finnish business ID (Y-tunnus, FO-nummer): seven digits and a check digit (FORMATS)."""

from __future__ import annotations

import re

from portal.rules.errors import RuleBroken

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)
# As written (with its hyphen, old six-digit ones too), as a VAT number, or the eight digits alone.
_WRITTEN = re.compile(r"([0-9]{6,7})-([0-9])|(?:FI ?)?([0-9]{7})([0-9])", re.IGNORECASE)


def check_digit(seven: str) -> int | None:
    """Return the check digit of seven digits, or None when the number is never issued (remainder 1)."""
    remainder = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, seven, strict=True)) % 11
    if remainder == 1:
        return None
    return 0 if remainder == 0 else 11 - remainder


def check_business_id(text: str, *, field: str = "business_id") -> str:
    """Return the normal form ``1234567-8``; RuleBroken business_id.invalid for anything else.

    Accepted: ``2077474-0``, ``20774740``, ``FI20774740``, a dash for the hyphen, old numbers of six digits.
    """
    typed = re.sub(r"[\u2010-\u2015\u2212]", "-", text.strip())
    match = _WRITTEN.fullmatch(typed)
    if match is None:
        raise RuleBroken.of(field, "business_id.invalid")
    seven = (match[1] or match[3]).rjust(7, "0")
    if check_digit(seven) != int(match[2] or match[4]):
        raise RuleBroken.of(field, "business_id.invalid")
    return f"{seven}-{match[2] or match[4]}"


def vat_number(business_id: str) -> str:
    """Return the VAT number of a business ID in normal form: ``2077474-0`` → ``FI20774740``."""
    return "FI" + business_id.replace("-", "")
