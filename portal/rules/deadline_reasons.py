"""How the last day for an answer comes about, step by step, for whoever wants to know (GDPR 12(3))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.deadlines import (
    EXTENDED_MONTHS,
    FIRST_MONTHS,
    PROMPT_DAYS,
    Pause,
    is_working_day,
    moved_to_working_day,
)
from portal.rules.retention import add_months


@dataclass(frozen=True)
class Reason:
    """One step of the reckoning: a text code, the day it leads to, and for a question its days and its beginning."""

    code: str
    day: date
    days: int = 0
    since: date | None = None


def reasons(received: date, pauses: Sequence[Pause], *, today: date, extended: bool) -> list[Reason]:
    """Return the reckoning from the receipt to the last day, which is that of `deadlines.due`."""
    day = add_months(received, EXTENDED_MONTHS if extended else FIRST_MONTHS)
    found = [Reason("deadline.received", received), Reason(f"deadline.{'extended' if extended else 'month'}", day)]
    for pause in pauses:
        stood = pause.days(today)
        day += timedelta(days=stood)
        code = "late_question" if pause.late else "pausing" if pause.is_open else "paused"
        found.append(Reason(f"deadline.{code}", day, PROMPT_DAYS if pause.late else stood, pause.asked))
    if not is_working_day(day):
        found.append(Reason("deadline.moved", moved_to_working_day(day)))
    return found
