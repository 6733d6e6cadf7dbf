"""Phone numbers: stored in one form, shown in the reader's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.errors import RuleBroken
from portal.rules.phone import check_phone, display_phone, phone_or_none


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("040 123 4567", "+358401234567"),
        ("040-1234567", "+358401234567"),
        ("+358 40 123 4567", "+358401234567"),
        ("00358401234567", "+358401234567"),
        ("+358 (0)40 123 4567", "+358401234567"),
        ("09 310 1691", "+35893101691"),
        ("018 25 000", "+3581825000"),
        ("+46 70 123 45 67", "+46701234567"),
        ("+372 5123 4567", "+37251234567"),
    ],
)
def test_stored_in_international_form(typed: str, stored: str) -> None:
    assert check_phone(typed) == stored
    assert check_phone(stored) == stored


def test_a_national_number_belongs_to_its_region() -> None:
    assert check_phone("070 123 45 67", "SE") == "+46701234567"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "040",
        "112",
        "040 123 4567 alanumero 3",
        "puh. 040 123 4567",
        "+999 123 4567",
        "0" * 30,
        "1" * 10_000,
        "040\x00 1234567",
        "٠٤٠١٢٣٤٥٦٧",
        "040 123 4567;ext=3",
        "+",
    ],
)
def test_refused(typed: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_phone(typed)
    assert [(problem.field, problem.code) for problem in broken.value.problems] == [("phone", "phone.invalid")]
    assert phone_or_none(typed) is None


def test_shown_nationally_at_home() -> None:
    assert display_phone("+358401234567", "fi") == "040 123 4567"
    assert display_phone("+358401234567", "sv") == "040 123 4567"
    assert display_phone("+358401234567", "en") == "+358 40 123 4567"
    assert display_phone("+46701234567", "fi") == "+46 70 123 45 67"


def test_an_unreadable_number_is_shown_as_it_is() -> None:
    assert display_phone("ei puhelinta", "fi") == "ei puhelinta"


@given(st.text("+0123456789 -()/", max_size=25))
def test_what_is_accepted_is_stable_and_shows_the_same_number(typed: str) -> None:
    stored = phone_or_none(typed)
    if stored is not None:
        assert check_phone(stored) == stored
        for locale in ("fi", "sv", "en"):
            assert check_phone(display_phone(stored, locale)) == stored
