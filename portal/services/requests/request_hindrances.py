"""Which steps lead nowhere at the moment, and why: said before anything is written, not after the last button."""

from __future__ import annotations

from portal.rules.context import Context
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests import request_copies
from portal.services.requests.request_openings import Head


def of_request(context: Context, head: Head) -> dict[str, str]:
    """The names of the steps that the state would allow and something else hinders, each with the text code why.

    The time is extended within the first month only (GDPR 12(3)); a copy that leaves something out is no whole answer.
    """
    found: dict[str, str] = {}
    if not timeline.may_extend(context, head.received_on, timeline.steps(context, head.id)):
        found["extension"] = "access_request.demand.first_month"
    copy = request_copies.of_request(context, head)
    if copy is not None and copy.left_out:
        found["answer"] = "request_step.copy_in_part"
    return found
