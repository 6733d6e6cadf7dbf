"""Everything that waits, in the order in which people wait for it: mail first, for the others may take a while, and
last one batch of a newsletter and a step of a long check."""

from __future__ import annotations

from portal.jobs import announce, checks, copies, deliver, imports


def run() -> None:
    """Carry out what the rows say. Safe to run in several workers at once."""
    deliver.run()
    imports.run()
    copies.run()
    announce.run()
    checks.run()
