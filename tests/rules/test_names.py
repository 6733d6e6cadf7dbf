"""Names of people as they are, and their folding for search (REGISTER, life 8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.errors import RuleBroken
from portal.rules.names import check_company_name, check_person_name, fold, is_signed_as, strip_marks


@pytest.mark.parametrize(
    "name",
    [
        "Aino",
        "Å",
        "Näkkäläjärvi",
        "Đorđe",
        "Ŋillá Ŧuru",
        "Máhtte-Ánde",
        "O’Brien",
        "D'Artagnan",
        "von der Leyen",
        "J. R.",
        "Иван",
        "محمد",
        "山田",
        "Nguyễn Văn Ánh",
        "Sofia ʻAna",
    ],
)
def test_names_of_all_kinds(name: str) -> None:
    assert check_person_name(name, "first_name") == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "text.required"),
        ("  ", "text.required"),
        ("-", "name.invalid"),
        ("Aino2", "name.invalid"),
        ("aino@example.com", "name.invalid"),
        ("https://evil.example/", "name.invalid"),
        ("Voita palkinto www.evil", "name.invalid"),
        ("osta kauppa.fi", "name.invalid"),
        ("<b>Aino</b>", "name.invalid"),
        ("Аino", "name.mixed_script"),
        ("Ai\u202eno", "text.control"),
        ("Aino\r\nBcc: x", "text.control"),
        ("a" * 101, "text.too_long"),
    ],
)
def test_what_is_no_name(name: str, code: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_person_name(name, "first_name")
    assert [(problem.field, problem.code) for problem in broken.value.problems] == [("first_name", code)]


def test_two_alphabets_in_two_words_are_one_persons_right() -> None:
    assert check_person_name("Anna Анна", "first_name") == "Anna Анна"


def test_a_companys_name_may_be_almost_anything() -> None:
    assert check_company_name(" 3M & K:ni  Oy ", "company_name") == "3M & K:ni Oy"
    with pytest.raises(RuleBroken, match=r"text\.required"):
        check_company_name(" ", "company_name")


def test_folding_keeps_letters_apart_and_stripping_joins_them() -> None:
    assert fold("  ÅSA  Näkki ") == "åsa näkki"
    assert fold("Ala") != fold("Älä")
    assert strip_marks("Åsa Näkkäläjärvi") == "asa nakkalajarvi"
    assert strip_marks("Đorđe Ŋillá Ŧuru Šaŋka Žuhri Čáhppe") == "dorde nilla turu sanka zuhri cahppe"
    assert strip_marks("Łukasz Ærø Straße") == "lukasz aero strasse"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert strip_marks(strip_marks(text)) == strip_marks(text)


@given(st.text("aeioåäöčđŋšŧž -", max_size=30))
def test_upper_and_lower_case_fold_alike(text: str) -> None:
    assert fold(text.upper()) == fold(text)
    assert strip_marks(text.upper()) == strip_marks(text)


@pytest.mark.parametrize(
    ("signed", "same"),
    [
        ("Matti Juhani Virtanen", True),
        ("Matti Virtanen", True),
        ("Juhani Virtanen", True),
        ("VIRTANEN, Matti", True),
        ("Matti Juhani Kalevi Virtanen", True),
        ("Virtanen", False),
        ("Matti Juhani", False),
        ("Maija Virtanen", False),
        ("Matti Virta", False),
        ("", False),
    ],
)
def test_a_signature_is_the_family_name_and_one_given_name_or_more(signed: str, same: bool) -> None:
    assert is_signed_as(signed, "Matti Juhani", "Virtanen") is same


def test_a_signature_is_held_against_what_the_register_knows() -> None:
    assert is_signed_as("Aile Nuorgtta", "Áile", "Ŋuorgŧŧa")
    assert is_signed_as("Madonna", "Madonna", "") and not is_signed_as("Lisa", "Madonna", "")
    assert is_signed_as("Virtanen", "", "Virtanen") and not is_signed_as("Virta", "", "Virtanen")
    assert not is_signed_as("Maija Virtanen", "Maija", "Virtanen-Korhonen")
