"""The task that verifies the audit log: one step, so that what people wait for comes in between."""

from __future__ import annotations

from portal.jobs.transaction import new_context, transaction
from portal.services.auditing import audit_checks


def run() -> None:
    """Carry out the next step of a check that was asked for. Safe to run in several workers at once."""
    if not audit_checks.is_due(new_context()):
        return
    with transaction() as context:
        claimed = audit_checks.claim(context)
    if claimed is None:
        return
    verdict = audit_checks.step(context, claimed)
    with transaction() as context:
        audit_checks.note(context, claimed, verdict)
