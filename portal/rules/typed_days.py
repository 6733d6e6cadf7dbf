"""A day as somebody types it where no calendar helps."""

from __future__ import annotations

import re
from datetime import date

# The calendar in which a day and the one after it exist, in every zone.
FIRST_YEAR, LAST_YEAR = 1900, 9998
_WRITTEN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def typed_day(text: str) -> date | None:
    """The day as a browser's calendar sends it, 2026-11-22, or as people write it, 22.11.2026; None for anything else.

    Narrower than `fromisoformat`, which also knows weeks.
    """
    iso, written = _ISO.fullmatch(text), _WRITTEN.fullmatch(text)
    parts = iso.groups() if iso else written.groups()[::-1] if written else None
    try:
        day = date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None
