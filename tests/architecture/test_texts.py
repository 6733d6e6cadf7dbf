"""Every text is there in Finnish and Swedish, says the same placeholders, and is compiled."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from portal.rules.texts import LOCALES, TEXTS, TRANSLATIONS
from tests.architecture.source import ROOT

TRANSLATED = tuple(locale for locale in LOCALES if locale != "en")
PLACEHOLDER = re.compile(r"%\(([a-z_0-9]+)\)[sd]")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}, "**.txt": {"trimmed": "true", "silent": "false"}}

MessageId = str | tuple[str, ...]


@cache
def used() -> dict[MessageId, str]:
    """Every marked text of the program, with the first place it stands at."""
    found: dict[MessageId, str] = {}
    for folder in (ROOT / "portal", ROOT / "templates"):
        for path, line, message, _, _ in extract_from_dir(folder, METHODS, OPTIONS, keywords=KEYWORDS):
            found.setdefault(key(message), f"{(folder / path).relative_to(ROOT)}:{line}")
    return found


@cache
def catalogue(locale: str) -> dict[MessageId, Message]:
    """The translations as they are edited."""
    with (folder(locale) / "messages.po").open("rb") as file:
        return entries(read_po(file, locale=locale))


def folder(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES"


def entries(found: Catalog) -> dict[MessageId, Message]:
    return {key(message.id): message for message in found if message.id}


def key(value: str | list[str] | tuple[str, ...]) -> MessageId:
    return value if isinstance(value, str) else tuple(value)


def strings(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The forms of a text: one, or those of a plural."""
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def placeholders(value: str) -> set[str]:
    return set(PLACEHOLDER.findall(value))


def test_texts_are_found_where_they_are_marked() -> None:
    assert set(TEXTS.values()) <= set(used())
    assert any(place.startswith("templates/") for place in used().values())


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_is_translated(locale: str) -> None:
    known = catalogue(locale)
    missing = [
        f"{place}: {message!r}"
        for message, place in used().items()
        if message not in known or known[message].fuzzy or not all(strings(known[message].string))
    ]
    assert not missing, f"no {locale} translation; add one to the catalogue and compile it:\n" + "\n".join(missing)


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_translation_is_left_over(locale: str) -> None:
    stale = [repr(message) for message in catalogue(locale) if message not in used()]
    assert not stale, f"{locale} translates texts that stand nowhere; remove them:\n" + "\n".join(stale)


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_have_the_placeholders_of_the_text(locale: str) -> None:
    wrong = []
    for message, entry in catalogue(locale).items():
        known = set().union(*map(placeholders, strings(message)))
        for translation in strings(entry.string):
            # One form of a plural may leave the number out ("one order"), but none may add a name.
            unknown = placeholders(translation) - known
            lost = placeholders(strings(message)[-1]) - placeholders(translation)
            if unknown or (lost and isinstance(message, str)):
                wrong.append(f"{message!r}: {sorted(unknown | lost)}")
    assert not wrong, f"placeholders differ in {locale}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_compiled_catalogue_is_the_edited_one(locale: str) -> None:
    with (folder(locale) / "messages.mo").open("rb") as file:
        compiled = entries(read_mo(file))
    edited = {text: strings(entry.string) for text, entry in catalogue(locale).items() if all(strings(entry.string))}
    assert {text: strings(entry.string) for text, entry in compiled.items()} == edited


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_translation_is_not_the_english_text(locale: str) -> None:
    """Sentences that were copied instead of translated; single words may be the same in two languages."""
    copied = [
        text for text, entry in catalogue(locale).items() if text == entry.string and len(strings(text)[0].split()) > 3
    ]
    assert not copied, f"not translated into {locale}:\n" + "\n".join(map(repr, copied))
