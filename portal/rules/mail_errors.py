"""What stopped a message: the code in its row as words. Codes that end in a number of the server are one family."""

from __future__ import annotations

import re

from portal.rules.texts import TEXTS, text

_NUMBERED = re.compile(r"([a-z_]+)_(\d+)")


def error_text(code: str, locale: str) -> str:
    """The sentence of a code; a code without one is shown as it is."""
    found = _NUMBERED.fullmatch(code)
    family, number = found.groups() if found else (code, "")
    # A server that says 4xx takes it later: nothing is wrong with the address.
    known = "mail_error.recipient_later" if family == "recipient" and number[0] == "4" else f"mail_error.{family}"
    if known not in TEXTS:
        return code
    return text(known, locale, number=number) if number else text(known, locale)
