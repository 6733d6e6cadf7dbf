"""Countries by their ISO 3166-1 alpha-2 codes, named in the reader's language (names: CLDR, by Babel)."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

HOME = "FI"
# First in every list: most customers live here.
NEAREST = ("FI", "AX", "SE", "EE", "NO", "DK")
# The European Union and Iceland, Liechtenstein and Norway; Åland is a part of Finland with a code of its own.
EEA = frozenset(
    {
        "AT", "AX", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT",
        "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
# Finnish and Swedish put å, ä and ö after z; the sort key says so without the machine's locale.
_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "ö": "}", "š": "s", "é": "e", "ô": "o", "ç": "c", "ã": "a"})
# CLDR also names regions that are no countries of ISO 3166-1.
_NOT_ISO = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"})


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """Return every assigned ISO 3166-1 alpha-2 code."""
    named = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in named if len(code) == 2 and code.isalpha()) - _NOT_ISO


def country_name(code: str, locale: str) -> str:
    """Return a country's name in a locale; an unknown code is returned as it is, never an error on a page."""
    return _names(locale).get(code, code)


@lru_cache(maxsize=8)
def country_choices(locale: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every country: the nearest first, the others in the locale's alphabet."""
    names = _names(locale)
    others = sorted(country_codes() - set(NEAREST), key=lambda code: names[code].casefold().translate(_AFTER_Z))
    return tuple((code, names[code]) for code in (*NEAREST, *others))


@lru_cache(maxsize=8)
def _names(locale: str) -> dict[str, str]:
    territories = Locale.parse(locale).territories
    return {code: territories[code] for code in country_codes()}
