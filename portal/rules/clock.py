"""Helsinki time: instants are UTC everywhere, days and years are Helsinki's (DESIGN, decision 6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")
# How far in the future the beginning of something may lie. What was made further ahead, before the clock was set back,
# counts no more: it would live until the time came again (SECURITY R20).
DRIFT = timedelta(minutes=5)


def require_aware(instant: datetime) -> datetime:
    """Return the instant unchanged; raise ValueError for a naive one, whose meaning nobody knows."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("a naive datetime has no place here: give it a time zone")
    return instant


def helsinki_time(instant: datetime) -> datetime:
    """Return the instant on the clock of Helsinki."""
    return require_aware(instant).astimezone(HELSINKI)


def helsinki_date(instant: datetime) -> date:
    """Return the calendar day in Helsinki on which the instant falls."""
    return helsinki_time(instant).date()


def helsinki_midnight(day: date) -> datetime:
    """Return the instant, in UTC, at which a day begins in Helsinki."""
    return datetime.combine(day, time.min, HELSINKI).astimezone(UTC)


def helsinki_year_range(year: int) -> tuple[datetime, datetime]:
    """Return (start, end) of a Helsinki year in UTC: the start belongs to the year, the end to the next.

    ValueError for a year outside 1900-9998, so that a typed year never overflows a calendar.
    """
    if not 1900 <= year <= 9998:
        raise ValueError(f"year out of range: {year}")
    return helsinki_midnight(date(year, 1, 1)), helsinki_midnight(date(year + 1, 1, 1))
