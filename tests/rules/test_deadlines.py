"""The deadlines of requests: the vectors of the guidelines, and properties over all days of many years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.deadlines import (
    PROMPT_DAYS,
    Pause,
    ask_by,
    due,
    is_working_day,
    may_extend,
    moved_to_working_day,
    repeats,
    stops_clock,
)

DAYS = st.dates(date(2018, 5, 25), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("received", "last"),
    [
        # GDPR 12(3) by the calendar; the weekday of the end is a working day in each.
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2024, 3, 5), date(2024, 4, 5)),
        # The month has no such day: its last one counts, and a leap year has one more.
        (date(2024, 1, 31), date(2024, 2, 29)),
        # 31.1.2026 + 1 month is Saturday 28.2.2026.
        (date(2026, 1, 31), date(2026, 3, 2)),
        # Good Friday 3.4.2026, the weekend and Easter Monday.
        (date(2026, 3, 3), date(2026, 4, 7)),
        # May Day, a Friday.
        (date(2026, 4, 1), date(2026, 5, 4)),
        # Independence Day, a Sunday in 2026.
        (date(2026, 11, 6), date(2026, 12, 7)),
        # Christmas Day (Friday), its second day (Saturday), a Sunday.
        (date(2026, 11, 25), date(2026, 12, 28)),
        # Midsummer Eve and Christmas Eve move nothing.
        (date(2026, 5, 19), date(2026, 6, 19)),
        (date(2026, 11, 24), date(2026, 12, 24)),
        # Midsummer Day is a Saturday, so the end is on Monday.
        (date(2026, 5, 20), date(2026, 6, 22)),
    ],
)
def test_one_month(received: date, last: date) -> None:
    assert due(received, today=received) == last


@pytest.mark.parametrize(
    ("received", "last"),
    [
        # 28.2.2026 is a Saturday.
        (date(2025, 11, 30), date(2026, 3, 2)),
        (date(2026, 3, 5), date(2026, 6, 5)),
    ],
)
def test_three_months_from_receipt_when_extended(received: date, last: date) -> None:
    assert due(received, today=received, extended=True) == last


def test_a_question_about_identity_pauses_the_clock() -> None:
    received, asked, answered = date(2026, 9, 1), date(2026, 9, 3), date(2026, 9, 10)
    assert due(received, today=received) == date(2026, 10, 1)
    pause = [Pause(asked, answered)]
    assert due(received, pause, today=date(2026, 9, 20)) == date(2026, 10, 8)
    # An open question moves the end on with every day; on the day of asking nothing has been lost yet.
    assert due(received, [Pause(asked)], today=asked) == date(2026, 10, 1)
    assert due(received, [Pause(asked)], today=asked + timedelta(days=7)) == date(2026, 10, 8)


def test_several_pauses_add_up() -> None:
    pauses = [Pause(date(2026, 9, 2), date(2026, 9, 4)), Pause(date(2026, 9, 10), date(2026, 9, 15))]
    assert due(date(2026, 9, 1), pauses, today=date(2026, 9, 20)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("received", "asked", "stops"),
    [
        (date(2026, 9, 1), date(2026, 9, 1), True),
        (date(2026, 9, 1), date(2026, 9, 11), True),
        (date(2026, 9, 1), date(2026, 9, 12), False),
        # Days are days: neither a weekend nor the end of a month makes them longer.
        (date(2026, 2, 20), date(2026, 3, 2), True),
        (date(2026, 2, 20), date(2026, 3, 3), False),
        (date(2026, 12, 25), date(2027, 1, 4), True),
        (date(2026, 12, 25), date(2027, 1, 5), False),
    ],
)
def test_only_a_prompt_question_stops_the_clock(received: date, asked: date, stops: bool) -> None:
    assert stops_clock(received, asked) is stops
    assert (asked <= ask_by(received)) is stops


def test_an_extension_is_announced_within_the_first_month() -> None:
    received = date(2026, 9, 1)
    assert may_extend(received, today=date(2026, 10, 1))
    assert not may_extend(received, today=date(2026, 10, 2))
    assert may_extend(received, [Pause(date(2026, 9, 3), date(2026, 9, 10))], today=date(2026, 10, 8))
    assert not may_extend(received, [Pause(date(2026, 9, 3), date(2026, 9, 10))], today=date(2026, 10, 9))


def test_an_open_question_gives_no_more_time_to_announce_an_extension() -> None:
    received, still = date(2026, 6, 8), [Pause(date(2026, 6, 10))]
    assert may_extend(received, still, today=date(2026, 7, 8))
    assert not may_extend(received, still, today=date(2026, 7, 9))
    assert not may_extend(received, still, today=date(2026, 12, 1))
    # The month ends on a Sunday, so it ends on Monday.
    assert may_extend(date(2026, 6, 12), [Pause(date(2026, 6, 15))], today=date(2026, 7, 13))
    assert not may_extend(date(2026, 6, 12), [Pause(date(2026, 6, 15))], today=date(2026, 7, 14))


def test_a_second_request_within_twelve_months_is_told_apart() -> None:
    assert repeats(date(2026, 11, 1), date(2025, 11, 2))
    assert not repeats(date(2026, 11, 1), date(2025, 11, 1))
    assert not repeats(date(2025, 11, 1), date(2026, 11, 1))


@given(received=DAYS, extended=st.booleans())
def test_every_deadline_is_a_working_day_within_a_few_days_of_the_month(received: date, extended: bool) -> None:
    last = due(received, today=received, extended=extended)
    assert is_working_day(last)
    months = 3 if extended else 1
    elapsed = (last.year - received.year) * 12 + last.month - received.month
    # The longest chain of free days is Good Friday to Easter Monday.
    assert elapsed in (months, months + 1)
    assert (last - received).days <= 31 * months + 5
    assert (last - received).days >= 28 * months


@given(received=DAYS)
def test_a_later_request_is_never_due_earlier(received: date) -> None:
    assert due(received, today=received) <= due(received + timedelta(days=1), today=received)


@given(received=DAYS, asked=st.integers(0, 20), open_days=st.integers(0, 60), today=st.integers(0, 120))
def test_a_pause_never_brings_the_end_nearer(received: date, asked: int, open_days: int, today: int) -> None:
    first = received + timedelta(days=asked)
    now = received + timedelta(days=today)
    without = due(received, today=now)
    closed = due(received, [Pause(first, first + timedelta(days=open_days))], today=now)
    assert without <= closed <= moved_to_working_day(without + timedelta(days=open_days + 5))
    assert due(received, [Pause(first)], today=now) >= without


@given(
    received=DAYS,
    asked=st.integers(0, 60),
    open_days=st.none() | st.integers(0, 60),
    today=st.integers(0, 120),
    extended=st.booleans(),
)
def test_a_late_question_moves_nothing_and_a_prompt_one_whatever_it_stood(
    received: date, asked: int, open_days: int | None, today: int, extended: bool
) -> None:
    first = received + timedelta(days=asked)
    now = first + timedelta(days=today)
    answered = None if open_days is None else first + timedelta(days=open_days)
    pause = Pause(first, answered, late=not stops_clock(received, first))
    without = due(received, today=now, extended=extended)
    found = due(received, [pause], today=now, extended=extended)
    assert pause.late is (asked > PROMPT_DAYS)
    if pause.late:
        assert (found, pause.days(now), pause.is_open) == (without, 0, False)
    else:
        assert found >= without
        assert pause.days(now) == (today if open_days is None else open_days)


@given(day=DAYS)
def test_moving_is_to_the_first_working_day(day: date) -> None:
    moved = moved_to_working_day(day)
    assert is_working_day(moved)
    assert not any(is_working_day(day + timedelta(days=n)) for n in range((moved - day).days))
