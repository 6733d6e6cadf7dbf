"""What a link leaves behind in the signed cookie of the browser, for as long as its forms may take (SECURITY 14)."""

from __future__ import annotations

from datetime import timedelta

from flask import g, session

from portal.rules.clock import DRIFT

# Long enough to fill in the form, short enough for a computer that others use afterwards.
KEPT = timedelta(minutes=30)


def keep(name: str, value: str) -> None:
    """Keep a value from now on, in the place of the one before."""
    session[name] = [value, int(g.now.timestamp())]


def kept(name: str) -> str | None:
    """The value that was kept, or None when there is none or its time is over."""
    value, kept_at = session.get(name, (None, 0))
    age = timedelta(seconds=g.now.timestamp() - kept_at)
    return value if -DRIFT <= age <= KEPT else None


def forget(name: str) -> None:
    """It was used, or it is worth nothing."""
    session.pop(name, None)
