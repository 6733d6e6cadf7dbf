"""Business IDs, with the vectors of the domain formats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.business_id import check_business_id, check_digit, vat_number
from portal.rules.errors import RuleBroken


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2077474-0", "2077474-0"),
        ("0112038-9", "0112038-9"),
        ("1927400-1", "1927400-1"),
        ("112038-9", "0112038-9"),
        (" 20774740 ", "2077474-0"),
        ("FI20774740", "2077474-0"),
        ("fi 20774740", "2077474-0"),
        ("2077474–0", "2077474-0"),
    ],
)
def test_accepted(typed: str, stored: str) -> None:
    assert check_business_id(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "2077474-1", "2077474", "20774741", "12345-6", "2077474-0 Oy", "٢٠٧٧٤٧٤-٠", "0" * 50, "FI2077474-1"]
)
def test_refused(typed: str) -> None:
    with pytest.raises(RuleBroken, match=r"business_id: business_id\.invalid"):
        check_business_id(typed)


@given(st.text("0123456789", min_size=7, max_size=7))
def test_one_check_digit_at_most_is_right(seven: str) -> None:
    right = check_digit(seven)
    for digit in range(10):
        try:
            accepted = check_business_id(f"{seven}-{digit}") == f"{seven}-{digit}"
        except RuleBroken:
            accepted = False
        assert accepted == (digit == right)


def test_a_number_that_is_never_issued() -> None:
    assert check_digit("0000006") is None


def test_vat_number() -> None:
    assert vat_number("2077474-0") == "FI20774740"
