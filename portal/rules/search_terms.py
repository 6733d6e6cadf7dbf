"""What an employee's search term means, and the text it is held against (any fragment, in any order).

The text holds each word of a customer behind two spaces: ``"  aino  virtanen  0401234567"``. A word of three characters
or more is then found anywhere, a shorter one at the beginning of a word, and every such fragment has at least the
three characters that a trigram index needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.rules.names import fold, strip_marks

MAX_TERM = 100
TRIGRAM = 3
_FINLAND = "+358"
_NUMBER_LIKE = re.compile(r"\+?[0-9(][0-9 ().\-/\u2013]*")
_LONG_ENOUGH_FOR_PHONE = 5

# All groups must be found; of a group, any one fragment.
Fragments = tuple[tuple[str, ...], ...]


def search_text(parts: Iterable[str | None], phone: str | None) -> str:
    """Return the text a customer is found by: every word of `parts`, as written and without marks, and the phone."""
    joined = " ".join(part for part in parts if part)
    folded = fold(joined)
    # Most texts of an import are plain already.
    stripped = "" if folded.isascii() else strip_marks(folded)
    words = [*folded.split(" "), *stripped.split(" "), *_phone_words(phone)]
    return "".join(f"  {word}" for word in dict.fromkeys(words) if word)


def fragments(term: str) -> Fragments:
    """Return what to look for; () when the term holds nothing that could be found.

    A number typed with spaces, hyphens, brackets or a country code is one fragment: its digits.
    """
    folded = fold(term)
    digits = _digits(folded)
    if digits:
        return (tuple(dict.fromkeys(_fragment(option) for option in digits)),)
    return tuple((_fragment(word),) for word in dict.fromkeys(folded.split(" ")) if word)


def like_pattern(fragment: str) -> str:
    """Return the LIKE pattern that finds a fragment anywhere; the escape character is the backslash."""
    escaped = fragment.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def match_expression(wanted: Fragments) -> str:
    """Return the FTS5 expression of the fragments; each is a quoted string, so nothing in it is an operator."""
    groups = (" OR ".join(_quoted(fragment) for fragment in group) for group in wanted)
    return " AND ".join(f"({group})" for group in groups)


def _quoted(fragment: str) -> str:
    return '"' + fragment.replace('"', '""') + '"'


def _fragment(word: str) -> str:
    return word.rjust(TRIGRAM) if len(word) < TRIGRAM else word


def _phone_words(phone: str | None) -> list[str]:
    if not phone:
        return []
    digits = "".join(character for character in phone if character.isdigit())
    # Finns write their numbers with a zero instead of the country code.
    return [digits, "0" + digits[3:]] if phone.startswith(_FINLAND) else [digits]


def _digits(folded: str) -> list[str]:
    """Return the readings of a number-like term, or nothing for any other term."""
    if not _NUMBER_LIKE.fullmatch(folded):
        return []
    plain = re.sub(r"\D", "", folded.replace("(0)", ""))
    readings = [plain]
    if " " not in folded and plain != folded:
        # A business ID or an order's number has a hyphen of its own.
        readings.insert(0, folded)
    without_zeros = plain.lstrip("0")
    if without_zeros != plain and len(without_zeros) >= _LONG_ENOUGH_FOR_PHONE:
        readings.append(without_zeros)
    return [reading for reading in readings if reading]
