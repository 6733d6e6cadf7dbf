"""Names of people and companies, and how they are folded for search (REGISTER, life 8).

A name is what the person says it is: any letters of any language, also one letter, also with digits never
asked for. Only what is certainly no name is refused: an address or a link, digits, bracket-like signs,
mixed look-alike scripts.
"""

from __future__ import annotations

import re
import unicodedata

from portal.rules.clean_text import clean_line
from portal.rules.errors import RuleBroken
from portal.rules.scripts_of_text import scripts

MAX_PERSON_NAME = 100
MAX_COMPANY_NAME = 150
_NOT_A_NAME = re.compile(r"[0-9@<>{}\[\]|\\^~=+*%$#;:!?\"_/]|www\.|\.(?:com|fi|net|org)\b", re.IGNORECASE)
# Letters whose stroke or own shape no decomposition removes: Sámi, Icelandic, Polish and German ones.
_PLAIN = str.maketrans(
    dict(zip("đŋŧøłðıʒǥħ", "dntoldizgh", strict=True)) | {"æ": "ae", "œ": "oe", "þ": "th"},
)
_WORDS = re.compile(r"\w+")
_SPACES = re.compile(r"\s+")


def check_person_name(text: str, field: str) -> str:
    """Return a person's first or last name cleaned; codes of clean_line, name.invalid, name.mixed_script."""
    name = clean_line(text, MAX_PERSON_NAME, field, minimum=1)
    if _NOT_A_NAME.search(name) or not any(character.isalpha() for character in name):
        raise RuleBroken.of(field, "name.invalid")
    if any(len(scripts(word)) > 1 for word in re.split(r"[\s\-]+", name)):
        raise RuleBroken.of(field, "name.mixed_script")
    return name


def check_company_name(text: str, field: str) -> str:
    """Return a company's name cleaned; almost anything is a company's name, so only the text rules apply."""
    return clean_line(text, MAX_COMPANY_NAME, field, minimum=1)


def fold(text: str) -> str:
    """Return a text for comparing: NFKC, casefolded, single spaces; å, ä, ö and č stay distinct letters.

    The text is bounded by the caller: putting marks in order takes time that grows with the square of their number.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SPACES.sub(" ", folded).strip()


def strip_marks(text: str) -> str:
    """Return the folded text without marks and strokes: ``Åsa Näkkäläjärvi`` → ``asa nakkalajarvi``."""
    decomposed = unicodedata.normalize("NFD", fold(text).translate(_PLAIN))
    kept = (character for character in decomposed if not unicodedata.combining(character))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", "".join(kept))).strip()


def is_signed_as(signed: str, first_name: str, last_name: str) -> bool:
    """Say whether a signature is the registered name: the whole family name and one given name or more, in any order
    and on any keyboard. Nobody writes every given name every day, and some write more than the register knows."""
    given, family, words = (set(_WORDS.findall(strip_marks(text))) for text in (first_name, last_name, signed))
    return family <= words and (not given or not given.isdisjoint(words))
