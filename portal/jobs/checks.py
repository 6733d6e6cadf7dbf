"""The tasks that verify the audit log: one begins the check of the day, the other takes a step of whichever runs, so
that what people wait for comes in between."""

from __future__ import annotations

from portal.jobs.transaction import new_context, transaction
from portal.services.auditing import audit_checks


def begin_daily() -> None:
    """Begin the check of this day, unless there was one. Safe to run in several workers at once."""
    with transaction() as context:
        audit_checks.begin_daily(context)


def run() -> None:
    """Carry out the next step of a check that runs. Safe to run in several workers at once."""
    if not audit_checks.is_due(new_context()):
        return
    with transaction() as context:
        claimed = audit_checks.claim(context)
    if claimed is None:
        return
    verdict = audit_checks.step(context, claimed)
    with transaction() as context:
        audit_checks.note(context, claimed, verdict)
