"""Everything that waits, in the order in which people wait for it: mail first, for a copy may take a while, and last
a step of a long check."""

from __future__ import annotations

from portal.jobs import checks, copies, deliver


def run() -> None:
    """Carry out what the rows say. Safe to run in several workers at once."""
    deliver.run()
    copies.run()
    checks.run()
