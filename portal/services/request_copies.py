"""The copy that answers a request, as the employee sees it: made, looked through, taken along for the post or shop.

The customer gets it with the decision; the employee looks before, as data of others may have to be left out (15(4)).
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from portal.models.data_copy import DataCopy
from portal.models.database import connection
from portal.rules.context import Context
from portal.rules.errors import NotFound, RuleBroken
from portal.services import access_request_moves as moves
from portal.services import audit, data_copies, request_openings, stored_files
from portal.services.data_copies import CopyFacts
from portal.services.request_openings import Head
from portal.services.stored_files import FileFacts

# The customer has fourteen days from the making of a copy: an older one would leave too few, and miss what is new.
OLDEST = timedelta(days=4)


def ask(context: Context, reference: str) -> uuid.UUID:
    """Have a copy made for a request, in its language. Raises `RuleBroken` once it is decided, and `Denied`."""
    head = request_openings.require(context, reference)
    # Under the lock of the decision: a copy that nobody has looked through must never follow it.
    if moves.lock(head.id).closed_at is not None:
        raise RuleBroken.of(None, "access_request.decided")
    return data_copies.ask(context, head.customer_id, language=head.language, request_id=head.id)


def of_request(context: Context, head: Head) -> CopyFacts | None:
    """The newest copy for the request, in whatever state."""
    return data_copies.of_request(context, head.id)


def require_fresh(context: Context, head: Head) -> None:
    """Raise `RuleBroken` unless a copy is ready that is young enough to be sent."""
    found = of_request(context, head)
    if found is None or found.state != "ready" or found.ready_at is None:
        raise RuleBroken.of(None, "access_request.demand.copy")
    if found.ready_at + OLDEST < context.now:
        raise RuleBroken.of(None, "request_copy.too_old", days=OLDEST.days)


def take(context: Context, reference: str) -> FileFacts:
    """The file of the newest copy for the employee, which is logged. Raises `NotFound` and `Denied`."""
    head = request_openings.require(context, reference)
    own = (DataCopy.request_id == head.id, DataCopy.state == "ready", DataCopy.expires_at > context.now)
    newest = select(DataCopy.file_id).where(*own).order_by(DataCopy.id.desc()).limit(1)
    file_id = connection().execute(newest).scalar()
    if file_id is None:
        raise NotFound
    audit.record(context, "access_request.copy_taken", customer_id=head.customer_id, request=head.reference)
    return stored_files.find(context, file_id, customer_id=head.customer_id)
