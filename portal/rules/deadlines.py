"""When a request of a data subject must be answered (GDPR 12(3); Regulation 1182/71; EDPB Guidelines 01/2022).

One month from the day of receipt, three where the extension was announced with reasons within the first month. A
refusal has the one month also after an extension (12(4)). Months are calendar months; where the last one has no such
day, its last day counts. A prompt question about identity pauses the clock, a late one does not. An end on a
Saturday, a Sunday or a public holiday moves to the next working day; Midsummer Eve and Christmas Eve move nothing. All
days are Helsinki's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from portal.rules.retention import add_months

FIRST_MONTHS = 1
EXTENDED_MONTHS = 3
# How many days after the receipt a question about identity still pauses the clock. The law names no number: it must be
# asked without undue delay (GDPR 12(3) and 12(6); EDPB Guidelines 01/2022, section 5.3). This is our reading: a third
# of the month, so that most of it is left for the answer.
PROMPT_DAYS = 10
SATURDAY = 5


@dataclass(frozen=True)
class Pause:
    """A question about identity: asked on a day, answered on a day or still open. A late one pauses nothing."""

    asked: date
    answered: date | None = None
    late: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether the clock stands still."""
        return self.answered is None and not self.late

    def days(self, today: date) -> int:
        """Return how many days the clock has stood still until `today`."""
        if self.late:
            return 0
        return max(((self.answered or today) - self.asked).days, 0)


def is_working_day(day: date) -> bool:
    """Say whether a period may end on this day."""
    return day.weekday() < SATURDAY and day not in _public_holidays(day.year)


def moved_to_working_day(day: date) -> date:
    """Return the day itself, or the next working day after a Saturday, Sunday or public holiday."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def stops_clock(received: date, asked: date) -> bool:
    """Say whether a question about identity that is asked on a day is prompt enough for the time to stand still."""
    return asked <= ask_by(received)


def ask_by(received: date) -> date:
    """Return the last day on which a question about identity stops the clock."""
    return received + timedelta(days=PROMPT_DAYS)


def due(received: date, pauses: Sequence[Pause] = (), *, today: date, extended: bool = False) -> date:
    """Return the last day for the answer. While a pause is open it moves on with every day, as of `today`."""
    months = EXTENDED_MONTHS if extended else FIRST_MONTHS
    still = sum(pause.days(today) for pause in pauses)
    return moved_to_working_day(add_months(received, months) + timedelta(days=still))


def is_over(received: date, *, today: date) -> bool:
    """Say whether the first month had passed already on the day on which a request was written down."""
    return due(received, today=today) < today


def may_extend(received: date, pauses: Sequence[Pause] = (), *, today: date) -> bool:
    """Say whether an extension can still be announced: within the first month (12(3)).

    A pause that is open gives no more time for it: nobody knows when it ends, and the customer must hear within one
    month of receipt. One that has ended has moved the end of the month, as it has for the answer.
    """
    ended = [pause for pause in pauses if not pause.is_open]
    return today <= due(received, ended, today=today)


def repeats(received: date, earlier: date) -> bool:
    """Say whether a request comes within twelve months of an earlier one. That alone proves nothing (12(5))."""
    return earlier <= received < add_months(earlier, 12)


@lru_cache(maxsize=400)
def _public_holidays(year: int) -> frozenset[date]:
    # The library counts the two eves among the holidays of Finland; under Regulation 1182/71 they are working days.
    found = holidays.country_holidays("FI", years=year, categories=(holidays.PUBLIC,), language="en_US")
    return frozenset(day for day, name in found.items() if name not in _EVES)


_EVES = ("Midsummer Eve", "Christmas Eve")
