"""Which request repeats an earlier one of the twelve months before: flagged, never refused for it (GDPR 12(5)).

The days of receipt decide, not the moments at which requests were written down: a letter that is entered late can turn
one that is known already into the second.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, or_, select, update

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.rules import deadlines
from portal.rules.access_requests import State
from portal.rules.context import Context


def earlier(context: Context, customer_id: int, received_on: date, *, before: int | None = None) -> int | None:
    """The latest request of the twelve months before a day, which one of that day repeats.

    One that was withdrawn got no answer, so that nothing repeats it. Of requests of the same day the one of the lower
    row number came first; `before` is the row that looks, None for one that is not there yet.
    """
    first = AccessRequest.received_on <= received_on
    if before is not None:
        same_day = and_(AccessRequest.received_on == received_on, AccessRequest.id < before)
        first = or_(AccessRequest.received_on < received_on, same_day)
    latest = (
        select(AccessRequest.id, AccessRequest.received_on)
        .where(AccessRequest.customer_id == customer_id, AccessRequest.state != State.WITHDRAWN.value, first)
        .order_by(AccessRequest.received_on.desc(), AccessRequest.id.desc())
        .limit(1)
    )
    row = db.session.execute(latest).first()
    return row.id if row is not None and deadlines.repeats(received_on, row.received_on) else None


def look_again(context: Context, customer_id: int, received_on: date) -> None:
    """Flag the open requests that came after a day anew, when one of that day was written down late."""
    later = select(AccessRequest.id, AccessRequest.received_on, AccessRequest.earlier_id).where(
        AccessRequest.customer_id == customer_id,
        AccessRequest.received_on > received_on,
        AccessRequest.closed_at.is_(None),
    )
    for row in db.session.execute(later).all():
        found = earlier(context, customer_id, row.received_on, before=row.id)
        if found != row.earlier_id:
            db.session.execute(update(AccessRequest).where(AccessRequest.id == row.id).values(earlier_id=found))
