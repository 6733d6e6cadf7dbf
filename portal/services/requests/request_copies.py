"""The copy that answers a request, as the employee sees it: made, looked through, taken along for the post or shop.

The customer gets it with the decision; the employee looks before, as data of others may have to be left out (15(4)).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from portal.models.access_request import AccessRequest
from portal.models.data_copy import DataCopy
from portal.models.database import connection
from portal.rules.access_requests import CHOSEN
from portal.rules.context import Context
from portal.rules.errors import NotFound, Problem, RuleBroken
from portal.rules.register import Category
from portal.rules.request_steps import LEFT_OUT_GROUNDS
from portal.services.auditing import audit
from portal.services.data_copy import data_copies
from portal.services.data_copy.data_copies import CopyFacts
from portal.services.foundation import stored_files
from portal.services.foundation.stored_files import FileFacts
from portal.services.register.left_out import is_newest
from portal.services.register.register_parts import Part, parts
from portal.services.requests import access_request_moves as moves
from portal.services.requests import request_openings
from portal.services.requests.request_openings import Head

# An older one would miss what is new.
OLDEST = timedelta(days=4)


def choosable(context: Context, head: Head) -> list[Part]:
    """What can be left out of the copy: every part that is asked for, but the customer's own details and account, which
    are about nobody else."""
    wanted = _wanted(head)
    return [part for part in parts() if not part.single and (wanted is None or part.category in wanted)]


def holds_files(_context: Context, head: Head) -> bool:
    """Whether the files of notes come into the copy: they are part of the correspondence about requests."""
    wanted = _wanted(head)
    return wanted is None or Category.REQUESTS in wanted


def ask(context: Context, reference: str, left_out: Iterable[str] = (), reason: str = "") -> uuid.UUID:
    """Have a copy made for a request, in its language, without the parts of these codes, for this reason.

    Raises `RuleBroken` once the request is decided, for a part that cannot be left out, and for a missing reason, and
    `Denied`.
    """
    head = request_openings.require(context, reference)
    # Under the lock of the decision: a copy that nobody has looked through must never follow it.
    if moves.lock(head.id).closed_at is not None:
        raise RuleBroken.of(None, "access_request.decided")
    chosen = _checked(context, head, set(left_out), reason)
    return data_copies.ask(context, head.customer_id, language=head.language, request_id=head.id, left_out=chosen)


def of_request(context: Context, head: Head) -> CopyFacts | None:
    """The newest copy for the request, in whatever state."""
    return data_copies.of_request(context, head.id)


def unready(context: Context, head: Head) -> Problem | None:
    """Why the newest copy cannot be sent: there is none, it is not ready, or it is too old. None when it can be."""
    found = of_request(context, head)
    if found is None or found.state != "ready" or found.ready_at is None:
        return Problem(None, "access_request.demand.copy")
    if found.ready_at + OLDEST < context.now:
        return Problem(None, "request_copy.too_old", {"days": OLDEST.days})
    return None


def take(context: Context, reference: str) -> FileFacts:
    """The file of the newest copy for the employee, which is logged. Raises `NotFound` and `Denied`."""
    head = request_openings.require(context, reference)
    own = (DataCopy.request_id == head.id, DataCopy.state == "ready", DataCopy.expires_at > context.now)
    file_id = connection().execute(select(DataCopy.file_id).where(*own, is_newest())).scalar()
    if file_id is None:
        raise NotFound
    audit.record(context, "access_request.copy_taken", customer_id=head.customer_id, request=head.reference)
    return stored_files.find(context, file_id, customer_id=head.customer_id)


def _wanted(head: Head) -> set[str] | None:
    """The categories that are asked for, None for all."""
    asked = select(AccessRequest.scope, AccessRequest.categories).where(AccessRequest.id == head.id)
    row = connection().execute(asked).one()
    return set(row.categories) if row.scope == CHOSEN else None


def _checked(context: Context, head: Head, left_out: set[str], reason: str) -> dict[str, str]:
    problems: list[Problem] = []
    if not left_out <= {part.code for part in choosable(context, head)}:
        problems.append(Problem("left_out", "request_copy.unknown_part"))
    if left_out and reason not in LEFT_OUT_GROUNDS:
        problems.append(Problem("reason", "request_copy.reason_required"))
    if problems:
        raise RuleBroken(*problems)
    return dict.fromkeys(sorted(left_out), reason)
