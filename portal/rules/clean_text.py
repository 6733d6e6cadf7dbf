"""Text that may enter the register: printable, bounded, equal on both databases (SECURITY 46-48 and 51).

Refused: NUL and other control characters, lone surrogates, private and unassigned code points, direction
overrides (they make a text read differently from what it is). Kept: every letter and mark of every
language, zero-width joiners (some scripts need them), emoji. Text is stored in NFC; length counts code
points of that form.
"""

from __future__ import annotations

import re
import unicodedata

from portal.rules.errors import RuleBroken

# Embeddings, overrides and isolates of writing direction, marks included.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Marks on one letter: putting more of them in order takes time that grows with their square (UAX 15, section 13).
_MOST_MARKS = 30
# A code of a telephone or of paper, with the spaces people type.
_LONGEST_CODE = 60
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_LINE_ENDS = re.compile(r"\r\n?|\n")
_SPACES = re.compile(r"[^\S\n]+")


def clean_line(text: str, maximum: int, field: str | None, *, minimum: int = 0) -> str:
    """Return one line of text: NFC, spaces at the ends dropped, runs of spaces made one.

    ``minimum`` 1 makes an empty text an error. Codes: text.control, text.too_long (maximum), text.required.
    """
    line = _SPACES.sub(" ", _normal(text, maximum, field)).strip()
    return _bounded(line, minimum, maximum, field, "text.required")


def clean_block(text: str, maximum: int, field: str | None, *, minimum: int = 0, missing: str = "text.required") -> str:
    """Return a text of several lines: NFC, line ends as ``\\n``, tabs as spaces, spaces at line ends dropped.

    Codes as in :func:`clean_line`, with ``missing`` for an empty text that says which; ``maximum`` counts the line ends
    too.
    """
    lines = _LINE_ENDS.split(text.replace("\t", " "))
    cleaned = (_normal(line, maximum, field).rstrip() for line in lines)
    return _bounded("\n".join(cleaned).strip("\n"), minimum, maximum, field, missing)


def has_refused_characters(text: str) -> bool:
    """Say whether a text holds a character that no stored text may hold."""
    return any(
        character in _DIRECTION or unicodedata.category(character) in _REFUSED_CATEGORIES
        for character in text
        if not " " <= character <= "~"
    )


def plain_code(text: str) -> str:
    """Return a code as it was typed, in NFKC without spaces; empty when the text is too long for any code."""
    return "" if len(text) > _LONGEST_CODE else "".join(unicodedata.normalize("NFKC", text).split())


def _normal(text: str, maximum: int, field: str | None) -> str:
    # Looking at every character of a text that is refused anyway would be wasted work.
    if len(text) > 4 * maximum + 1000:
        raise RuleBroken.of(field, "text.too_long", maximum=maximum)
    if has_refused_characters(text):
        raise RuleBroken.of(field, "text.control")
    if _heaps_marks(text):
        raise RuleBroken.of(field, "text.control")
    return unicodedata.normalize("NFC", text)


def _heaps_marks(text: str) -> bool:
    row = 0
    for character in text:
        row = row + 1 if unicodedata.combining(character) else 0
        if row > _MOST_MARKS:
            return True
    return False


def _bounded(text: str, minimum: int, maximum: int, field: str | None, missing: str) -> str:
    if len(text) > maximum:
        raise RuleBroken.of(field, "text.too_long", maximum=maximum)
    if not text and minimum:
        raise RuleBroken.of(field, missing)
    if len(text) < minimum:
        raise RuleBroken.of(field, "text.too_short", minimum=minimum)
    return text
