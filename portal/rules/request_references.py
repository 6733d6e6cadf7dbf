"""References of requests as people type them."""

from __future__ import annotations

import re

from portal.rules.errors import RuleBroken

_TYPED = re.compile(r"(?:(?:[a-z]{1,4}[ -]?)?(?P<year>[0-9]{4})[ -/])?(?P<number>[0-9]{1,8})", re.ASCII)
LONGEST = 40


def normal_reference(typed: str, prefix: str, this_year: int) -> str:
    """Return ``TP-2026-0042`` for ``tp 2026 42``, ``2026-42`` and in that year ``42``. Raises `RuleBroken`."""
    if not typed.strip():
        raise RuleBroken.of("term", "request_queue.reference_required")
    found = _TYPED.fullmatch(typed.strip().casefold()[:LONGEST])
    if found is None:
        raise RuleBroken.of("term", "request_queue.unknown_reference")
    return f"{prefix}-{found['year'] or this_year}-{int(found['number']):04d}"
