"""When a retention period ends (``register.Retention``; Accounting Act for vouchers and books)."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

from portal.rules.clock import helsinki_date, helsinki_midnight
from portal.rules.register import Retention, Start


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day when it is shorter (31 Aug + 1 → 30 Sep)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def financial_year_end(day: date, month: int, day_of_month: int) -> date:
    """Return the end of the financial year in which a day falls; the year ends each year on the given day.

    29 February means the last day of February.
    """
    this_year = _day_in_year(day.year, month, day_of_month)
    return this_year if day <= this_year else _day_in_year(day.year + 1, month, day_of_month)


def last_day(retention: Retention, event: date) -> date:
    """Return the last day on which a value is kept, from its start event's Helsinki day.

    For the two periods of the Accounting Act the event is the end of the financial year: vouchers of a year
    that ended on 31.3.2024 are kept until 31.12.2030, books until 31.3.2034.
    """
    rule = retention.rule
    if rule.start is Start.CALENDAR_YEAR_OF_FINANCIAL_YEAR_END:
        event = date(event.year, 12, 31)
    return add_months(event, rule.months) + timedelta(days=rule.days)


def kept_since(retention: Retention, now: datetime) -> datetime:
    """Return the moment, a Helsinki midnight, before which a period counted in months from one event is over."""
    return helsinki_midnight(add_months(helsinki_date(now), -retention.rule.months))


def _day_in_year(year: int, month: int, day_of_month: int) -> date:
    return date(year, month, min(day_of_month, calendar.monthrange(year, month)[1]))
