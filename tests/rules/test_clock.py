"""Days and years are Helsinki's."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import clock

INSTANTS = st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (bounds)


@pytest.mark.security("R20")
def test_the_day_changes_at_helsinki_midnight() -> None:
    assert clock.helsinki_date(datetime(2026, 12, 31, 21, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert clock.helsinki_date(datetime(2026, 12, 31, 22, 0, tzinfo=UTC)) == date(2027, 1, 1)
    assert clock.helsinki_date(datetime(2026, 6, 30, 21, 0, tzinfo=UTC)) == date(2026, 7, 1)


def test_a_year_is_bounded_in_utc() -> None:
    start, end = clock.helsinki_year_range(2026)
    assert start == datetime(2025, 12, 31, 22, tzinfo=UTC)
    assert end == datetime(2026, 12, 31, 22, tzinfo=UTC)
    assert start.tzinfo is UTC


@given(INSTANTS)
def test_an_instant_lies_in_the_year_of_its_helsinki_day(instant: datetime) -> None:
    start, end = clock.helsinki_year_range(clock.helsinki_date(instant).year)
    assert start <= instant < end


@pytest.mark.parametrize("year", [-1, 0, 1899, 9999, 10**40])
def test_an_absurd_year_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        clock.helsinki_year_range(year)


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        clock.helsinki_date(datetime(2026, 1, 1))  # noqa: DTZ001 (the naive one is the test)
