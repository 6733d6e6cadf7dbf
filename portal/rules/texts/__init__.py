"""The catalogue of texts: every code the program can show, in Finnish, Swedish and English.

Each area file holds ``TEXTS``, a dict from code to the English text marked with ``N_`` (imported from
``portal.rules.texts.mark``). This package merges them; a code that stands in two areas stops the start.
English is the source text itself; Finnish and Swedish come from the compiled catalogues in
``portal/translations``. A catalogue that cannot be read is an error when a text is asked for, never at
import.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from babel.support import Translations

from portal.rules.texts import (
    access_requests,
    accounts,
    announcements,
    audit,
    consents,
    data_copies,
    documents,
    errors,
    fields,
    imports,
    mail,
    notice,
    orders,
    own_requests,
    pages,
    people,
    personalisation,
    privacy,
    recipients,
    register,
    request_letters,
    request_staff,
    request_steps,
    staff,
    staff_pages,
)
from portal.rules.texts.mark import N_

__all__ = ["DEFAULT_LOCALE", "LOCALES", "N_", "TEXTS", "merge", "text", "translate"]

LOCALES = ("fi", "sv", "en")
DEFAULT_LOCALE = "fi"
SOURCE_LOCALE = "en"
TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"


def merge(areas: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Merge the areas' texts into one dict; raise ValueError naming both areas when a code stands twice."""
    merged: dict[str, str] = {}
    owner: dict[str, str] = {}
    for area, texts in areas.items():
        for code, message in texts.items():
            if code in merged:
                raise ValueError(f"text code {code!r} stands in both {owner[code]} and {area}")
            merged[code], owner[code] = message, area
    return merged


_AREAS = (
    access_requests,
    accounts,
    announcements,
    audit,
    consents,
    data_copies,
    documents,
    errors,
    fields,
    imports,
    mail,
    notice,
    orders,
    own_requests,
    pages,
    people,
    personalisation,
    privacy,
    recipients,
    register,
    request_letters,
    request_staff,
    request_steps,
    staff,
    staff_pages,
)
TEXTS: Mapping[str, str] = MappingProxyType(
    merge({module.__name__.rpartition(".")[2]: module.TEXTS for module in _AREAS})
)


def text(code: str, locale: str, /, **params: object) -> str:
    """Return the text of a code in a locale, ``%(name)s`` filled; KeyError for an unknown code."""
    return translate(TEXTS[code], locale, **params)


def translate(msgid: str, locale: str, /, **params: object) -> str:
    """Return an English text in a locale, placeholders filled; ValueError for an unknown locale."""
    if locale == SOURCE_LOCALE or not msgid:
        message = msgid
    else:
        message = catalogue(locale).gettext(msgid)
    return message % params if params else message


@lru_cache(maxsize=len(LOCALES))
def catalogue(locale: str) -> Translations:
    """Return the compiled texts of a locale other than the source's."""
    if locale not in LOCALES:
        raise ValueError(f"no texts in locale {locale!r}; the portal speaks {', '.join(LOCALES)}")
    path = TRANSLATIONS / locale / "LC_MESSAGES" / "messages.mo"
    try:
        with path.open("rb") as file:
            return Translations(file)
    except OSError as error:
        raise RuntimeError(f"the compiled texts of locale {locale!r} cannot be read: {path}: {error}") from error
