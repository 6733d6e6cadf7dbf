"""Postal codes and cities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.countries import country_choices, country_codes, country_name
from portal.rules.errors import RuleBroken
from portal.rules.postal import check_postal, cities_of


def problems_of(code: str, city: str, country: str) -> list[tuple[str | None, str]]:
    with pytest.raises(RuleBroken) as broken:
        check_postal(code, city, country)
    return [(problem.field, problem.code) for problem in broken.value.problems]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (("00100", "Helsinki", "FI"), ("00100", "Helsinki")),
        (("FI-00100", " HELSINGFORS ", "FI"), ("00100", "Helsingfors")),
        (("79700", "heinävesi", "FI"), ("79700", "Heinävesi")),
        (("68600", "Jakobstad", "FI"), ("68600", "Jakobstad")),
        (("22100", "Mariehamn", "FI"), ("22100", "Mariehamn")),
        (("22100", "Maarianhamina", "AX"), ("22100", "Maarianhamina")),
        (("AX-22930", "Jossain", "AX"), ("22930", "Jossain")),
        (("22930", "Jossain", "FI"), ("22930", "Jossain")),
        (("00001", "Uusi paikka", "FI"), ("00001", "Uusi paikka")),
        (("11122", "Stockholm", "SE"), ("111 22", "Stockholm")),
        (("SE-111 22", "Stockholm", "SE"), ("111 22", "Stockholm")),
        (("0150", "Oslo", "NO"), ("0150", "Oslo")),
        (("DK-1050", "København", "DK"), ("1050", "København")),
        (("10111", "Tallinn", "EE"), ("10111", "Tallinn")),
        (("D-10115", "Berlin", "DE"), ("10115", "Berlin")),
        (("sw1a 1aa", "London", "GB"), ("SW1A 1AA", "London")),
        (("", "Dublin", "IE"), ("", "Dublin")),
    ],
)
def test_accepted(typed: tuple[str, str, str], stored: tuple[str, str]) -> None:
    assert check_postal(*typed) == stored
    assert check_postal(*stored, typed[2]) == stored


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        (("", "", "FI"), [("postal_code", "postal.code_required"), ("city", "postal.city_required")]),
        (("0010", "Helsinki", "FI"), [("postal_code", "postal.code_invalid")]),
        (("0010O", "Helsinki", "FI"), [("postal_code", "postal.code_invalid")]),
        (("٠٠١٠٠", "Helsinki", "FI"), [("postal_code", "postal.code_invalid")]),
        (("00100", "Espoo", "FI"), [("city", "postal.city_mismatch")]),
        (("79700", "Heinavesi", "FI"), [("city", "postal.city_mismatch")]),
        (("00100", "Mariehamn", "AX"), [("postal_code", "postal.code_invalid")]),
        (("1112", "Stockholm", "SE"), [("postal_code", "postal.code_invalid")]),
        (("1" * 30, "London", "GB"), [("postal_code", "postal.code_malformed")]),
        (("<b>", "London", "GB"), [("postal_code", "postal.code_malformed")]),
        (("00100\x00", "Helsinki\n", "FI"), [("postal_code", "text.control"), ("city", "text.control")]),
        (("00100", "12345", "FI"), [("city", "postal.city_required")]),
        (("00100", "Helsinki", "Suomi"), [("country", "country.invalid")]),
        (("00100", "Helsinki", "fi"), [("country", "country.invalid")]),
        (("00100", "Helsinki", "EU"), [("country", "country.invalid")]),
        (("00100", "H" * 101, "FI"), [("city", "text.too_long")]),
    ],
)
def test_refused(typed: tuple[str, str, str], problems: list[tuple[str, str]]) -> None:
    assert problems_of(*typed) == problems


def test_a_mismatch_names_the_right_city_in_both_languages() -> None:
    with pytest.raises(RuleBroken) as broken:
        check_postal("02100", "Helsinki", "FI")
    assert broken.value.problems[0].params == {"code": "02100", "city": "Espoo / Esbo"}


def test_a_village_may_be_given_by_its_municipality() -> None:
    assert cities_of("86240") == ("Pyhänkoski", "Merijärvi")
    assert check_postal("86240", "Merijärvi", "FI") == ("86240", "Merijärvi")
    assert cities_of("00001") == ()


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(sorted(country_codes())))
def test_any_text_gives_an_address_or_a_broken_rule(code: str, city: str, country: str) -> None:
    try:
        stored = check_postal(code, city, country)
    except RuleBroken:
        return
    assert check_postal(*stored, country) == stored


def test_countries_are_named_in_three_languages() -> None:
    assert [country_name("SE", locale) for locale in ("fi", "sv", "en")] == ["Ruotsi", "Sverige", "Sweden"]
    assert country_name("??", "fi") == "??"
    assert len(country_codes()) == 249
    assert {"FI", "AX", "GB", "TW"} <= country_codes()
    assert not {"EU", "UN", "ZZ", "XK"} & country_codes()


def test_country_choices_begin_near_and_follow_the_alphabet() -> None:
    for locale in ("fi", "sv", "en"):
        choices = country_choices(locale)
        assert choices[0][0] == "FI"
        assert {code for code, _ in choices} == country_codes()
        assert len(choices) == 249
    swedish = [name for _, name in country_choices("sv")]
    assert swedish.index("Zambia") < swedish.index("Österrike")
