"""The reckoning that an employee reads ends on the day that the deadline engine gives."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rules.deadline_reasons import reasons
from portal.rules.deadlines import PROMPT_DAYS, Pause, due

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


# The holidays of a year are reckoned once, which takes its time on a busy machine.
@settings(deadline=None)
@given(DAYS, st.booleans(), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9)), max_size=3))
def test_the_last_step_is_the_deadline(received: date, extended: bool, stops: list[tuple[int, int]]) -> None:
    pauses = [Pause(received + timedelta(days=a), received + timedelta(days=a + b)) for a, b in stops]
    today = received + timedelta(days=40)
    found = reasons(received, pauses, today=today, extended=extended)
    assert found[-1].day == due(received, pauses, today=today, extended=extended)
    assert [reason.day for reason in found] == sorted(reason.day for reason in found)


def test_each_step_is_named() -> None:
    pauses = [Pause(date(2026, 6, 9), date(2026, 6, 12)), Pause(date(2026, 6, 20))]
    found = reasons(date(2026, 6, 8), pauses, today=date(2026, 6, 20), extended=False)
    assert [(reason.code, reason.day, reason.days) for reason in found] == [
        ("deadline.received", date(2026, 6, 8), 0),
        ("deadline.month", date(2026, 7, 8), 0),
        ("deadline.paused", date(2026, 7, 11), 3),
        ("deadline.pausing", date(2026, 7, 11), 0),
        ("deadline.moved", date(2026, 7, 13), 0),
    ]
    late = [Pause(date(2026, 6, 19), date(2026, 6, 25), late=True)]
    found = reasons(date(2026, 6, 8), late, today=date(2026, 6, 26), extended=False)
    told = ("deadline.late_question", date(2026, 7, 8), PROMPT_DAYS, date(2026, 6, 19))
    assert [(reason.code, reason.day, reason.days, reason.since) for reason in found][2:] == [told]
    assert reasons(date(2025, 11, 30), [], today=date(2025, 12, 1), extended=True)[-1].day == date(2026, 3, 2)
