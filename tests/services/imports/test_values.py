"""The short cuts of the import read what the portal's own rules read."""

import unicodedata
from types import SimpleNamespace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.email_identity import email_or_none
from portal.rules.phone import phone_or_none
from portal.services.imports import details, values

LOCAL = st.from_regex(r"[A-Za-z0-9]{1,12}([._+-][A-Za-z0-9]{1,8}){0,3}", fullmatch=True)
DOMAIN = st.from_regex(
    r"([a-z0-9]{1,9}(-[a-z0-9]{1,5}){0,2}\.){1,3}(fi|com|example|test|local|invalid|museum)", fullmatch=True
)
MOBILE = st.from_regex(r"(\+358 ?|0)(4[0-9]|50)([ -]?[0-9]){3,10}", fullmatch=True)
CELL = st.text(st.sampled_from("aB1 åÅ\u030a\u0301\u00a0\t\n\u200e\x00é,\"'"), max_size=6)


@given(LOCAL, DOMAIN)
def test_common_addresses_are_what_the_rule_makes_of_them(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    rule = email_or_none(text)
    try:
        found = values.email(text)
    except values.BadValue:
        found = None
    assert found == ((rule.display, rule.identity) if rule else None)


@given(MOBILE)
def test_common_numbers_are_what_the_rule_makes_of_them(text: str) -> None:
    assert details._phone(text, "FI") == phone_or_none(text, "FI")


@given(st.lists(CELL, min_size=1, max_size=5), st.booleans(), st.booleans())
def test_a_column_is_checked_as_its_cells_are(cells: list[str], key: bool, multiline: bool) -> None:
    together, faults = values.check_text(cells, 4, key=key, multiline=multiline)
    for index, cell in enumerate(cells):
        alone, alone_faults = values.check_text(["x\u00a0", cell], 4, key=key, multiline=multiline)
        assert (index in faults) == (1 in alone_faults)
        if index not in faults:
            assert together[index] == alone[1]
            assert unicodedata.is_normalized("NFC", together[index])


@pytest.mark.security(53)
@pytest.mark.parametrize("key", [False, True])
def test_a_huge_cell_is_refused_before_it_is_brought_to_its_form(monkeypatch: pytest.MonkeyPatch, key: bool) -> None:
    # In turns, so that putting them in order is the most work there is.
    huge = "a" + "\u0316\u0301" * 50_000

    def normalize(form: Literal["NFC"], text: str) -> str:
        assert len(text) < 1000
        return unicodedata.normalize(form, text)

    monkeypatch.setattr(values, "unicodedata", SimpleNamespace(normalize=normalize, is_normalized=normalize))
    found, faults = values.check_text(["villasukat", huge], 100, key=key)
    assert (found, list(faults), faults[1].code) == (["villasukat", None], [1], "too_long")


@pytest.mark.parametrize("letter", ["\u1f80", "\uac01", "\u1ed9"])
def test_a_text_of_the_greatest_length_fits_in_pieces_too(letter: str) -> None:
    pieces = unicodedata.normalize("NFD", letter * 100)
    assert len(pieces) >= 300
    assert values.checked_text(pieces, 100) == letter * 100


@given(st.datetimes(), st.sampled_from(["Z", "+00:00"]))
def test_both_ways_of_saying_utc_are_one(moment: object, zone: str) -> None:
    text = str(moment).replace(" ", "T")[:19]

    def read(ending: str) -> str:
        try:
            return values.moment(text + ending)
        except values.BadValue as bad:
            return str(bad.reason)

    assert read("Z") == read(zone)
