"""Phone numbers are stored in E.164 (``+358401234567``) and shown as natives of a country write them."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from portal.rules.errors import RuleBroken

HOME_REGION = "FI"
MAX_TYPED = 40
# What people type between digits; letters (vanity numbers, "puh.") and extensions are not phone numbers here.
_TYPED = re.compile(r"\+?[0-9 \u00a0().\-/\u2013]+")
_LAST_GROUP = re.compile(r"\d{6,8}$")


def check_phone(text: str, region: str = HOME_REGION, *, field: str = "phone") -> str:
    """Return a number in E.164; RuleBroken phone.invalid when it is not a number of its country's plan.

    A number without country code is read as one of ``region``; ``00`` and ``+`` start an international one.
    """
    typed = text.strip()
    if len(typed) > MAX_TYPED or not _TYPED.fullmatch(typed):
        raise RuleBroken.of(field, "phone.invalid")
    try:
        number = phonenumbers.parse(typed, region)
    except NumberParseException:
        raise RuleBroken.of(field, "phone.invalid") from None
    if not phonenumbers.is_valid_number(number):
        raise RuleBroken.of(field, "phone.invalid")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def phone_or_none(text: str, region: str = HOME_REGION) -> str | None:
    """Return a number in E.164, or None: an import keeps an unreadable number as it was received."""
    try:
        return check_phone(text, region)
    except RuleBroken:
        return None


def display_phone(e164: str, locale: str) -> str:
    """Return a stored number for reading: Finnish numbers nationally in fi and sv, else internationally.

    A value that is no number (an import kept it raw) is returned unchanged.
    """
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return e164
    home = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    national = home and locale in ("fi", "sv")
    style = PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    written = phonenumbers.format_number(number, style)
    return _LAST_GROUP.sub(_split, written) if home else written


def _split(group: re.Match[str]) -> str:
    """Return a long last group as Finns write it: 1234567 → 123 4567, 123456 → 123 456."""
    digits = group[0]
    first = len(digits) // 2
    return f"{digits[:first]} {digits[first:]}"
