"""E-mail addresses: what is shown and written to, and the identity by which an account is unique (SECURITY
50).

The identity is NFKC, casefolded, with the domain in IDNA (``xn--``) form; the display form keeps what the
person typed, with the domain readable. One address uses one script: mixed scripts are how look-alikes are
made. No DNS is asked. Reserved ``.example`` domains pass, because demos and tests live there; ``.test``
only where asked for.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from portal.rules.errors import RuleBroken
from portal.rules.scripts_of_text import scripts

MAX_OCTETS = 254


@dataclass(frozen=True)
class EmailAddress:
    """A checked address: ``display`` for showing and sending, ``identity`` for comparing and uniqueness."""

    display: str
    identity: str


def check_email(text: str, *, field: str = "email", special_domains: bool = False) -> EmailAddress:
    """Return the checked address or raise RuleBroken: email.too_long, email.mixed_script or email.invalid.

    Spaces around the address are dropped (they come with pasting); control characters anywhere are refused,
    so nothing that passes can break a mail header (SECURITY 51). ``special_domains`` also accepts ``.test``
    names.
    """
    typed = text.strip(" \u00a0")
    if len(typed) > MAX_OCTETS:
        raise RuleBroken.of(field, "email.too_long", maximum=MAX_OCTETS)
    if any(unicodedata.category(character)[0] == "C" for character in typed):
        raise RuleBroken.of(field, "email.invalid")
    try:
        valid = validate_email(typed, check_deliverability=False, test_environment=special_domains)
    except EmailNotValidError:
        raise RuleBroken.of(field, "email.invalid") from None
    local = _fold(valid.local_part)
    identity = f"{local}@{valid.ascii_domain.lower()}"
    display = f"{unicodedata.normalize('NFC', valid.local_part)}@{valid.domain}"
    if max(len(identity.encode()), len(display.encode())) > MAX_OCTETS:
        raise RuleBroken.of(field, "email.too_long", maximum=MAX_OCTETS)
    if len(scripts(display)) > 1 or len(scripts(identity.partition("@")[0])) > 1:
        raise RuleBroken.of(field, "email.mixed_script")
    return EmailAddress(display, identity)


def email_or_none(text: str, *, special_domains: bool = False) -> EmailAddress | None:
    """Return the checked address, or None where an unreadable one is no error (throttle keys, search)."""
    try:
        return check_email(text, special_domains=special_domains)
    except RuleBroken:
        return None


def _fold(local: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local).casefold())
