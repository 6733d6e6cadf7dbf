"""User names: what one may be, and the identity by which it is unique (SECURITY 50).

A user name is another way to say who logs in, beside the e-mail address. It has no ``@``, so that the two are never
mistaken for each other, and one alphabet, so that nobody can look like somebody else. The identity is NFKC and
casefolded, the same form a log-in brings what was typed to.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.rules.clean_text import clean_line
from portal.rules.errors import RuleBroken
from portal.rules.names import fold, strip_marks
from portal.rules.scripts_of_text import scripts

SHORTEST, LONGEST = 3, 30
SIGNS = "._-"
# Names by which somebody could pass for the company, its employees or the system.
RESERVED = frozenset(
    [
        "abuse",
        "admin",
        "administrator",
        "anonymous",
        "asiakas",
        "asiakaspalvelu",
        "customer",
        "hostmaster",
        "info",
        "kund",
        "kundservice",
        "kundtjanst",
        "mailmaster",
        "moderator",
        "myynti",
        "noreply",
        "null",
        "official",
        "paakayttaja",
        "portaali",
        "portal",
        "postmaster",
        "root",
        "security",
        "service",
        "staff",
        "support",
        "system",
        "test",
        "tietosuoja",
        "tietoturva",
        "tuki",
        "undefined",
        "webmaster",
        "yllapito",
        "yllapitaja",
    ]
)


@dataclass(frozen=True)
class UserName:
    """A checked user name: ``display`` as it was typed, ``identity`` for comparing and uniqueness."""

    display: str
    identity: str


def check_user_name(text: str, *, company: str = "", field: str = "user_name") -> UserName:
    """Return the checked name, or raise RuleBroken: user_name.required, .invalid, .mixed_script or .reserved, or a code
    of clean_line. ``company`` is the controller's name, which no customer may bear."""
    if not text:
        raise RuleBroken.of(field, "user_name.required")
    display = clean_line(text, LONGEST, field, minimum=SHORTEST)
    identity = fold(display)
    # Compatibility forms grow: one sign may become a whole word, or an @.
    if len(identity) > LONGEST:
        raise RuleBroken.of(field, "text.too_long", maximum=LONGEST)
    if not identity[0].isalpha() or not all(_may_stand(character) for character in identity):
        raise RuleBroken.of(field, "user_name.invalid")
    if len(scripts(identity)) > 1 or len(scripts(display)) > 1:
        raise RuleBroken.of(field, "user_name.mixed_script")
    if _is_reserved(identity, company):
        raise RuleBroken.of(field, "user_name.reserved")
    return UserName(display, identity)


def _may_stand(character: str) -> bool:
    return character.isalpha() or (character.isascii() and character.isdigit()) or character in SIGNS


def _is_reserved(identity: str, company: str) -> bool:
    """Whether the name without its signs and digits is a reserved word, or begins with the company's name."""
    letters = _letters(identity)
    # The first word of the name: the rest tells the form of the company, and a single letter is nobody's.
    own = _letters(company.split()[0]) if company.split() else ""
    return letters in RESERVED or (len(own) >= SHORTEST and letters.startswith(own))


def _letters(text: str) -> str:
    return "".join(character for character in strip_marks(text) if character.isalpha())
