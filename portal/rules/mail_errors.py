"""What stopped a message: the code in its row as words. Codes that end in a number of the server are one family."""

from __future__ import annotations

import re

from portal.rules.texts import TEXTS, text

_NUMBERED = re.compile(r"([a-z_]+)_(\d+)")


def error_text(code: str, locale: str) -> str:
    """The sentence of a code; a code without one is shown as it is."""
    found = _NUMBERED.fullmatch(code)
    family, number = found.groups() if found else (code, "")
    known = f"mail_error.{family}"
    if known not in TEXTS:
        return code
    return text(known, locale, number=number) if number else text(known, locale)
