"""Values for programs are exact and the same in every language."""

from datetime import UTC, date, datetime

import pytest

from portal.rules.machine_values import as_text, currency_digits, decimals, moment, plain


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        *[(2490, 2, "24.90"), (-5, 2, "-0.05"), (0, 2, "0.00"), (7, 0, "7"), (-1200, 0, "-1200")],
        (10**15, 4, "100000000000.0000"),
    ],
)
def test_a_scaled_number_gets_its_dot(value: int, digits: int, written: str) -> None:
    assert decimals(value, digits) == written


def test_the_smallest_unit_is_that_of_the_currency() -> None:
    assert (currency_digits("EUR"), currency_digits("JPY")) == (2, 0)


def test_moments_are_utc_and_days_have_no_time() -> None:
    assert moment(datetime(2026, 11, 22, 7, 14, tzinfo=UTC)) == "2026-11-22T07:14:00Z"
    assert plain(datetime(2026, 11, 22, 7, 14, 0, 5, tzinfo=UTC)) == "2026-11-22T07:14:00.000005Z"
    assert plain(date(2026, 11, 22)) == "2026-11-22"
    assert plain(b"\x0a\xff") == "0aff"
    assert plain(None) is None


def test_a_cell_holds_text() -> None:
    assert [as_text(value) for value in (True, False, "ä", ["a", "ä"], {"b": 1, "a": None})] == [
        *("true", "false", "ä"),
        *('["a", "ä"]', '{"a": null, "b": 1}'),
    ]
