"""Every text stands in three languages with the same placeholders."""

import ast
import re
from pathlib import Path

import pytest

from portal.rules import texts
from portal.rules.register import (
    Category,
    Erasure,
    LegalBasis,
    Origin,
    Purpose,
    Retention,
    Source,
    Start,
    Withheld,
    text_code,
)

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
RULES = Path(texts.__file__).parents[1]


@pytest.mark.parametrize("locale", ["fi", "sv"])
def test_every_code_is_translated(locale: str) -> None:
    catalogue = texts.catalogue(locale)
    untranslated = [code for code, message in texts.TEXTS.items() if message not in catalogue._catalog]
    assert untranslated == []
    empty = [code for code in texts.TEXTS if not texts.text(code, locale).strip()]
    assert empty == []


@pytest.mark.parametrize("locale", ["fi", "sv"])
def test_translations_keep_the_placeholders(locale: str) -> None:
    different = [
        code
        for code, message in texts.TEXTS.items()
        if set(PLACEHOLDER.findall(message)) != set(PLACEHOLDER.findall(texts.text(code, locale)))
    ]
    assert different == []


def test_placeholders_are_filled_in_every_language() -> None:
    shown = {locale: texts.text("password.too_short", locale, minimum=15) for locale in texts.LOCALES}
    assert all("15" in message for message in shown.values())
    assert len(set(shown.values())) == 3


def test_a_percent_sign_without_parameters_stays() -> None:
    assert texts.translate("VAT 25.5%", "en") == "VAT 25.5%"


def test_unknown_locale_and_unknown_code_are_refused() -> None:
    with pytest.raises(ValueError, match="locale"):
        texts.translate("Orders", "de")
    with pytest.raises(KeyError):
        texts.text("no.such_code", "fi")


def test_an_empty_text_stays_empty() -> None:
    assert texts.translate("", "fi") == ""


def test_a_code_in_two_areas_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'a'.*orders.*people"):
        texts.merge({"orders": {"a": "A"}, "people": {"a": "B"}})


def test_a_missingcatalogue_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "TRANSLATIONS", tmp_path)
    texts.catalogue.cache_clear()
    try:
        with pytest.raises(RuntimeError, match=r"messages\.mo"):
            texts.translate("Orders", "fi")
        assert texts.translate("Orders", "en") == "Orders"
    finally:
        texts.catalogue.cache_clear()


def test_every_declared_code_of_the_register_has_its_text() -> None:
    kinds = (Category, LegalBasis, Purpose, Source, Origin, Start, Retention, Erasure, Withheld)
    codes = {text_code(value) for kind in kinds for value in kind}
    codes |= {f"{text_code(purpose)}.basis" for purpose in Purpose}
    assert codes <= set(texts.TEXTS)
    prefixes = {code.partition(".")[0] for code in codes}
    declared = {code for code in texts.TEXTS if code.partition(".")[0] in prefixes}
    assert declared == codes


def parameters_of(call: ast.Call) -> set[str | None]:
    """The names of a problem's parameters, given as keywords or as a dict."""
    given = [key for part in call.args[2:] if isinstance(part, ast.Dict) for key in part.keys]
    return {keyword.arg for keyword in call.keywords} | {
        str(key.value) for key in given if isinstance(key, ast.Constant)
    }


def test_every_code_a_rule_raises_has_its_text_and_parameters() -> None:
    raised: dict[str, set[str | None]] = {}
    for file in RULES.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("RuleBroken.of", "Problem"):
                code = node.args[1]
                if isinstance(code, ast.Constant):
                    raised[str(code.value)] = parameters_of(node)
    assert len(raised) >= 20
    for name, parameters in raised.items():
        assert set(PLACEHOLDER.findall(texts.TEXTS[name])) == parameters, name
