"""When an employment is over: the last day still belongs to it, in Helsinki (register notice §9).

The same in SQL is `portal.models.staff.at_work`.
"""

from __future__ import annotations

from datetime import date, datetime

from portal.rules.clock import helsinki_date


def is_over(last_day: date | None, now: datetime) -> bool:
    """Whether an employment with this last day, or with none, is over."""
    return last_day is not None and last_day < helsinki_date(now)
