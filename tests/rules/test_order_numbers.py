"""Public order numbers: readable where they can be, unique always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.order_numbers import MAX_LENGTH, is_public_number, public_number

PREFIXES = st.from_regex(r"[A-Z][A-Z0-9]{0,7}", fullmatch=True)
EXTERNALS = st.one_of(st.text("aA1-#_ ", min_size=1, max_size=8), st.text(min_size=1, max_size=80))


def test_a_plain_number_stays_readable() -> None:
    assert public_number("NW", "10248") == "NW-10248"
    assert public_number("NW", "2026-00017") == "NW-2026-00017"


def test_other_characters_keep_what_is_readable() -> None:
    assert public_number("WEB", "#1001").startswith("WEB-1001--")
    assert public_number("WEB", "ääkköset").startswith("WEB-kk-set--")
    assert public_number("WEB", "¤").startswith("WEB-X--")


@given(PREFIXES, EXTERNALS, PREFIXES, EXTERNALS)
def test_two_orders_never_share_a_number(prefix: str, external: str, other_prefix: str, other: str) -> None:
    same = public_number(prefix, external) == public_number(other_prefix, other)
    assert same == ((prefix, external) == (other_prefix, other))


@given(PREFIXES, EXTERNALS)
def test_a_public_number_is_short_and_fit_for_an_address(prefix: str, external: str) -> None:
    number = public_number(prefix, external)
    assert is_public_number(number)
    assert len(number) <= MAX_LENGTH
    assert number.isascii()
    assert number.replace("-", "").isalnum()


def test_a_shop_cannot_imitate_a_hashed_number() -> None:
    hashed = public_number("NW", "#1")
    assert public_number("NW", hashed.removeprefix("NW-")) != hashed


@pytest.mark.parametrize(
    "text", ["", "NW", "NW-", "-1", "nw-1", "NW--1", "NW-1-", "NW-ä", "NW-1/2", "NW-" + "1" * 60, "NW-1\n"]
)
def test_what_is_no_public_number(text: str) -> None:
    assert not is_public_number(text)


@pytest.mark.parametrize("prefix", ["", "nw", "N-W", "1A", "TOOLONGPREFIX", "Ä"])
def test_a_bad_prefix_is_a_programming_error(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        public_number(prefix, "1")


def test_an_empty_number_is_refused() -> None:
    with pytest.raises(ValueError, match="number"):
        public_number("NW", "")
