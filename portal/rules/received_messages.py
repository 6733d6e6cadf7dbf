"""What a customer sent or said about a request outside the account: how it came, and on which day.

The day of receipt counts, not the one on which somebody wrote the message down: it ends the pause of a question about
identity (GDPR 12(3)), and it is what the customer knows of their own letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.rules.errors import Problem
from portal.rules.register import STAFF_SOURCES


@dataclass(frozen=True)
class Came:
    """How a message came, a code of `STAFF_SOURCES`, and the day in Helsinki; None where what was typed is no day."""

    channel: str = ""
    on: date | None = None


def problems_of(came: Came, *, request_came: date, today: date) -> list[Problem]:
    """Return what is wrong. No message about a request is older than the request itself."""
    problems = []
    if came.channel not in set(STAFF_SOURCES):
        problems.append(Problem("channel", "request_note.channel_required"))
    if came.on is None:
        problems.append(Problem("received_on", "request_note.day_invalid"))
    elif came.on > today:
        problems.append(Problem("received_on", "request_note.received_in_future"))
    elif came.on < request_came:
        problems.append(Problem("received_on", "request_note.received_before_request", {"day": request_came}))
    return problems
