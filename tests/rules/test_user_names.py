"""User names: what one may be, and one identity however it is typed (SECURITY 50)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.errors import RuleBroken
from portal.rules.names import fold
from portal.rules.user_names import LONGEST, RESERVED, check_user_name

COMPANY = "Mikromafia Oy"


def code(text: str) -> str:
    with pytest.raises(RuleBroken) as refused:
        check_user_name(text, company=COMPANY)
    [problem] = refused.value.problems
    assert problem.field == "user_name"
    return problem.code


@pytest.mark.parametrize(
    "name",
    ["aino", "Aino.Virtanen", "meri_74", "Näkkäläjärvi", "Šuvâ", "a-b", "aino" * 7 + "ab", "Иванова", "Ελένη", "mika"],
)
def test_what_is_a_user_name(name: str) -> None:
    found = check_user_name(name, company=COMPANY)
    assert (found.display, found.identity) == (name, fold(name))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "user_name.required"),
        ("ab", "text.too_short"),
        ("a" * (LONGEST + 1), "text.too_long"),
        # Short as it is typed, and long in the form for comparing.
        ("a" + "\ufdfa" * 10, "text.too_long"),
        ("aino@example.com", "user_name.invalid"),
        # An @ that only the form for comparing has.
        ("aino\uff20example", "user_name.invalid"),
        ("aino virtanen", "user_name.invalid"),
        ("1234567", "user_name.invalid"),
        (".aino", "user_name.invalid"),
        ("-aino", "user_name.invalid"),
        ("aino<b>", "user_name.invalid"),
        ("aino/../b", "user_name.invalid"),
        ("aino٣٤", "user_name.invalid"),
        ("aino\u200bb", "user_name.invalid"),
        ("aino\x00b", "text.control"),
        ("aino\u202eb", "text.control"),
        # A Cyrillic а among Latin letters.
        ("\u0430ino", "user_name.mixed_script"),
        ("adm\u0456n", "user_name.mixed_script"),
        ("admin", "user_name.reserved"),
        ("Ad.Min_1", "user_name.reserved"),
        ("ＡＤＭＩＮ", "user_name.reserved"),
        ("Ylläpito", "user_name.reserved"),
        ("asiakas-palvelu", "user_name.reserved"),
        ("Mikromafia", "user_name.reserved"),
        ("mikro.mafia-tuki", "user_name.reserved"),
    ],
)
def test_what_is_refused(name: str, expected: str) -> None:
    assert code(name) == expected


def test_a_name_has_one_identity_however_it_is_typed() -> None:
    forms = ("Straße", "STRASSE", "strasse", "ｓｔｒａｓｓｅ", " Strasse ")
    assert {check_user_name(form).identity for form in forms} == {"strasse"}
    composed, decomposed = "N\u00e4kk\u00e4l\u00e4", "Na\u0308kka\u0308la\u0308"
    assert check_user_name(composed).identity == check_user_name(decomposed).identity


def test_reserved_words_are_in_the_form_that_is_compared() -> None:
    assert {word for word in RESERVED if not (word.isascii() and word.isalpha() and word == word.lower())} == set()
    assert all(code(word) == "user_name.reserved" for word in RESERVED)


@given(st.text(max_size=40))
def test_no_text_passes_that_a_log_in_would_take_for_an_address(text: str) -> None:
    try:
        found = check_user_name(text, company=COMPANY)
    except RuleBroken:
        return
    assert "@" not in found.identity
    assert len(found.identity) <= LONGEST
    # What is typed to log in is brought to the same form.
    assert fold(found.display) == found.identity == fold(found.identity)
