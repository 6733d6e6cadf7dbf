"""Postal codes and cities, checked when an address is entered (FORMATS: Posti PCF).

Finland's codes are looked up in a dated file: a known code must stand with one of its names (post office or
municipality, Finnish or Swedish); an unknown one passes, for codes are added every year. Åland (22xxx)
writes its codes as Finland does, or as ``AX-22100``, and is never refused for its city. Of other countries
the shape of the code is known for the nearest ones; the rest have general limits, and many countries have
no codes at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from portal.rules.clean_text import clean_line
from portal.rules.countries import country_codes
from portal.rules.errors import Problem, RuleBroken
from portal.rules.names import fold

MAX_CITY = 100
MAX_CODE = 12
ALAND = "22"
_FILE = Path(__file__).parent / "data" / "postal_codes_fi.csv"
_GENERAL = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]{0,10}[A-Z0-9])?")


@dataclass(frozen=True)
class _Shape:
    pattern: re.Pattern[str]
    written: str
    example: str


# The country's own prefix (FI-, SE-) may stand before the code; it is dropped.
_SHAPES = {
    "FI": _Shape(re.compile(r"(?:FI[- ]?|FIN[- ]?)?(\d{5})"), r"\1", "00100"),
    "AX": _Shape(re.compile(r"(?:AX[- ]?|FI[- ]?)?(22\d{3})"), r"\1", "22100"),
    "SE": _Shape(re.compile(r"(?:SE?[- ]?)?(\d{3}) ?(\d{2})"), r"\1 \2", "111 22"),
    "NO": _Shape(re.compile(r"(?:NO?[- ]?)?(\d{4})"), r"\1", "0150"),
    "DK": _Shape(re.compile(r"(?:DK[- ]?)?(\d{4})"), r"\1", "1050"),
    "EE": _Shape(re.compile(r"(?:EE[- ]?)?(\d{5})"), r"\1", "10111"),
    "DE": _Shape(re.compile(r"(?:DE?[- ]?)?(\d{5})"), r"\1", "10115"),
    "LV": _Shape(re.compile(r"(?:LV[- ]?)?(\d{4})"), r"LV-\1", "LV-1010"),
    "LT": _Shape(re.compile(r"(?:LT[- ]?)?(\d{5})"), r"LT-\1", "LT-01100"),
    "FR": _Shape(re.compile(r"(?:FR?[- ]?)?(\d{5})"), r"\1", "75001"),
    "NL": _Shape(re.compile(r"(?:NL[- ]?)?([1-9]\d{3}) ?([A-Z]{2})"), r"\1 \2", "1011 AB"),
    "PL": _Shape(re.compile(r"(?:PL[- ]?)?(\d{2})-?(\d{3})"), r"\1-\2", "00-001"),
}


def check_postal(postal_code: str, city: str, country: str) -> tuple[str, str]:
    """Return (postal code, city) in normal form, or raise RuleBroken naming every wrong field.

    A Finnish city that matches gets the capitals of its name: ``HELSINKI`` is returned as ``Helsinki``.
    ``country`` is ISO 3166-1 alpha-2. Codes: country.invalid; postal.code_required, postal.code_invalid
    (example); postal.city_required; postal.city_mismatch (code, city); those of clean_line.
    """
    if country not in country_codes():
        raise RuleBroken.of("country", "country.invalid")
    problems: list[Problem] = []
    code = town = ""
    try:
        code = _check_code(postal_code, country)
    except RuleBroken as broken:
        problems += broken.problems
    try:
        town = clean_line(city, MAX_CITY, "city")
        if not any(character.isalpha() for character in town):
            raise RuleBroken.of("city", "postal.city_required")
    except RuleBroken as broken:
        problems += broken.problems
    if problems:
        raise RuleBroken(*problems)
    return code, _written(code, town) if country in ("FI", "AX") else town


def cities_of(postal_code: str) -> tuple[str, ...]:
    """Return the names a Finnish postal code may stand with, post office in Finnish first; () if unknown."""
    return tuple(dict.fromkeys(_capitalised(name) for name in _places().get(postal_code, ())))


def _check_code(text: str, country: str) -> str:
    typed = clean_line(text, 4 * MAX_CODE, "postal_code").upper()
    shape = _SHAPES.get(country)
    if shape is None:
        if typed and (len(typed) > MAX_CODE or not _GENERAL.fullmatch(typed)):
            raise RuleBroken.of("postal_code", "postal.code_malformed")
        return typed
    if not typed:
        raise RuleBroken.of("postal_code", "postal.code_required", example=shape.example)
    match = shape.pattern.fullmatch(typed)
    if match is None or not typed.isascii():
        raise RuleBroken.of("postal_code", "postal.code_invalid", example=shape.example)
    return match.expand(shape.written)


def _written(code: str, city: str) -> str:
    """Return a Finnish city as its name is written, or raise RuleBroken when the code belongs elsewhere."""
    places = {fold(name): name for name in cities_of(code)}
    if not places or code.startswith(ALAND):
        return places.get(fold(city), city)
    if fold(city) not in places:
        raise RuleBroken.of("city", "postal.city_mismatch", code=code, city=_office(code))
    return places[fold(city)]


def _office(code: str) -> str:
    """Return the post office of a known code, both names where they differ: ``Helsinki / Helsingfors``."""
    finnish, swedish, *_ = _places()[code]
    return " / ".join(dict.fromkeys((_capitalised(finnish), _capitalised(swedish))))


@lru_cache(maxsize=1)
def _places() -> Mapping[str, tuple[str, ...]]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    rows = (line.split(";") for line in lines if not line.startswith("#"))
    return MappingProxyType({code: tuple(names) for code, *names in rows})


def _capitalised(name: str) -> str:
    """Return a name of the file, whose post offices stand in capitals, as it is written: ``Iso-Evo``."""
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name) if name.isupper() else name
