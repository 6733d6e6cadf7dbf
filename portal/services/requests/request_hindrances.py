"""Which steps lead nowhere at the moment, and why: said before anything is written, not after the last button."""

from __future__ import annotations

from portal.rules.access_requests import ANSWERED
from portal.rules.context import Context
from portal.rules.errors import Problem
from portal.rules.request_steps import STEPS
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests import request_checks, request_copies
from portal.services.requests.request_openings import Head

# Nothing can be done about these: what else is missing need not be said.
_IN_PART = Problem(None, "request_step.copy_in_part")
_FIRST_MONTH = Problem(None, "access_request.demand.first_month")


def of_request(context: Context, head: Head) -> dict[str, list[Problem]]:
    """The names of the steps that the state would allow and something else hinders, each with everything that does.

    The time is extended within the first month only (GDPR 12(3)); an answer wants every source searched and a fresh
    copy, and a copy that leaves something out is no whole answer.
    """
    found: dict[str, list[Problem]] = {}
    if not timeline.may_extend(context, head.received_on, timeline.steps(context, head.id)):
        found["extension"] = [_FIRST_MONTH]
    missing = _missing(context, head)
    if missing:
        found |= {step.name: missing for step in STEPS.values() if step.to in ANSWERED}
    copy = request_copies.of_request(context, head)
    if copy is not None and copy.left_out:
        found["answer"] = [_IN_PART]
    return found


def _missing(context: Context, head: Head) -> list[Problem]:
    searched = request_checks.is_complete(context, head.id)
    unready = request_copies.unready(context, head)
    missing = [] if searched else [Problem(None, "access_request.demand.checklist")]
    return missing + ([unready] if unready is not None else [])
