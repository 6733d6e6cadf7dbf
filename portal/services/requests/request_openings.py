"""A request by its reference, and opening its customer in order to answer it (register notice §9).

Whoever answers a request states that purpose and no other, so that the customer reads in the log of openings why the
data were looked at. Nobody opens, and so nobody answers, a request of their own.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.models.access_request import AccessRequest
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.access_requests import REFERENCE_PREFIX, State
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.errors import Denied, NotFound, RuleBroken
from portal.rules.opening_purposes import OpeningPurpose
from portal.rules.request_references import normal_reference
from portal.rules.request_steps import Step
from portal.rules.staff_roles import Permission
from portal.services.register import customer_openings

_COLUMNS = ("state", "version", "language", "delivery", "received_on", "extended_at")


@dataclass(frozen=True)
class Head:
    """Which request it is, whose, how far it has come, and how the customer wants the copy."""

    id: int
    reference: str
    customer_id: int
    customer_uuid: uuid.UUID
    state: State
    version: int
    language: str
    delivery: str
    received_on: date
    extended_at: datetime | None

    @property
    def extended(self) -> bool:
        """Whether the time for the answer was extended."""
        return self.extended_at is not None

    def allows(self, step: Step) -> bool:
        """Whether the state of the request lets an employee take a step."""
        return step.possible(self.state, extended=self.extended)


def find(context: Context, reference: str) -> Head:
    """The request of a reference. Raises `NotFound`."""
    columns = (AccessRequest.id, AccessRequest.reference, AccessRequest.customer_id, Customer.uuid)
    statement = (
        select(
            *columns,
            *(getattr(AccessRequest, name) for name in _COLUMNS),
        )
        .join_from(AccessRequest, Customer, AccessRequest.customer_id == Customer.id)
        .where(AccessRequest.reference == reference)
    )
    row = connection().execute(statement).first()
    if row is None:
        raise NotFound
    values = {**row._asdict(), "state": State(row.state), "customer_uuid": row.uuid}
    return Head(**{name: value for name, value in values.items() if name != "uuid"})


def search(context: Context, term: str) -> str:
    """The reference that an employee means: in full, or only its number of this year. Raises `RuleBroken`."""
    reference = normal_reference(term, REFERENCE_PREFIX, helsinki_date(context.now).year)
    try:
        return find(context, reference).reference
    except NotFound:
        raise RuleBroken.of("term", "request_queue.unknown_reference") from None


def is_open(context: Context, head: Head) -> bool:
    """Whether this employee has the customer open for answering, now."""
    return customer_openings.current(context, head.customer_uuid, OpeningPurpose.DATA_REQUEST) is not None


def open_request(context: Context, reference: str) -> None:
    """Open the customer of a request in order to answer it. Raises `NotFound`, `Denied` for the employee's own."""
    customer_openings.open_customer(context, find(context, reference).customer_uuid, OpeningPurpose.DATA_REQUEST)


def require(context: Context, reference: str) -> Head:
    """The request, for an employee who has it open. Raises `NotFound`, and `Denied` when it is not open."""
    head = find(context, reference)
    if not is_open(context, head):
        raise Denied(Permission.ANSWER_REQUESTS)
    return head
