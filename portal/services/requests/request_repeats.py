"""Which request repeats another one of the same person within twelve months: flagged, and nothing more (GDPR 12(5)).

A person's requests are those of all their records, joined ones included, and they are told apart by the day of receipt,
not by the day on which somebody wrote them down.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, func, select, tuple_, update

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.register import records_of
from portal.rules import deadlines
from portal.rules.access_requests import State
from portal.rules.context import Context


def of_person(customer_id: int) -> ColumnElement[bool]:
    """The requests of the person a record is of, whichever of their records it is."""
    record = Customer.__table__.alias("of_person")
    owner = select(func.coalesce(record.c.merged_into_id, record.c.id)).where(record.c.id == customer_id)
    return AccessRequest.customer_id.in_(records_of(owner.scalar_subquery()))


def flag(context: Context, customer_id: int, received_on: date) -> None:
    """Flag the request that came on a day, and the person's open ones of later days, which it may precede.

    The caller holds the customer's lock.
    """
    later = select(AccessRequest.id, AccessRequest.received_on, AccessRequest.earlier_id).where(
        of_person(customer_id), AccessRequest.closed_at.is_(None), AccessRequest.received_on >= received_on
    )
    for row in db.session.execute(later).all():
        found = _latest_before(customer_id, row.id, row.received_on)
        if found != row.earlier_id:
            db.session.execute(update(AccessRequest).where(AccessRequest.id == row.id).values(earlier_id=found))


def _latest_before(customer_id: int, request_id: int, received_on: date) -> int | None:
    """The latest request of the twelve months before. A withdrawn one got no answer."""
    place = tuple_(AccessRequest.received_on, AccessRequest.id)
    statement = (
        select(AccessRequest.id, AccessRequest.received_on)
        .where(
            of_person(customer_id),
            AccessRequest.state != State.WITHDRAWN.value,
            place < (received_on, request_id),
        )
        .order_by(AccessRequest.received_on.desc(), AccessRequest.id.desc())
        .limit(1)
    )
    latest = db.session.execute(statement).first()
    return latest.id if latest and deadlines.repeats(received_on, latest.received_on) else None
