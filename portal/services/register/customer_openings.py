"""Opening a customer: only for a stated purpose, for half an hour, and never the own record (register notice §9)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, insert, or_, select

from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.staff import CustomerOpening, Staff
from portal.rules.context import Context
from portal.rules.customer_numbers import customer_number
from portal.rules.errors import Denied, NotFound, RuleBroken
from portal.rules.opening_purposes import OpeningPurpose
from portal.rules.staff_roles import Permission
from portal.services.auditing import audit

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Subject:
    """Whose record it is: enough for the question of the purpose."""

    id: int
    uuid: uuid.UUID
    number: str
    first_name: str
    last_name: str
    company: str | None

    @property
    def name(self) -> str:
        """First and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Opening:
    """An opening in force: the customer's row number, why it was opened and until when."""

    customer_id: int
    purpose: str
    expires_at: datetime


# The same person, by the contact e-mail or the log-in e-mail.
_OWN = exists().where(
    Staff.id == CustomerOpening.staff_id,
    or_(
        Staff.email_identity == Customer.email_identity,
        exists().where(and_(Account.customer_id == Customer.id, Account.email_identity == Staff.email_identity)),
    ),
)


def subject_of(context: Context, customer_uuid: uuid.UUID) -> Subject:
    """The customer whose record is asked for. Raises `NotFound`."""
    row = (
        connection()
        .execute(
            select(Customer.id, Customer.first_name, Customer.last_name, Customer.company).where(
                Customer.uuid == customer_uuid
            )
        )
        .first()
    )
    if row is None:
        raise NotFound
    return Subject(row.id, customer_uuid, customer_number(row.id), row.first_name, row.last_name, row.company)


def open_customer(context: Context, customer_uuid: uuid.UUID, purpose: str) -> None:
    """Open a customer for a purpose. Raises `NotFound`, `RuleBroken` naming `purpose`, `Denied` for the own record."""
    if purpose not in set(OpeningPurpose):
        raise RuleBroken.of("purpose", "opening.purpose_required")
    subject = subject_of(context, customer_uuid)
    if _is_own(context, subject.id):
        audit.deny(context, "staff.customer_refused", customer_id=subject.id, reason="own_record")
        raise Denied(Permission.OPEN_CUSTOMER)
    role = connection().execute(_role_of(context)).scalar()
    db.session.execute(
        insert(CustomerOpening).values(
            customer_id=subject.id,
            staff_id=context.actor.id,
            purpose=purpose,
            role=role,
            opened_at=context.now,
            expires_at=context.now + LIFETIME,
        )
    )
    audit.record(context, "staff.customer_opened", customer_id=subject.id, purpose=purpose, role=role)


def current(context: Context, customer_uuid: uuid.UUID, purpose: OpeningPurpose | None = None) -> Opening | None:
    """This employee's opening of the customer that is in force, or None: then the purpose is asked for.

    With a `purpose` only an opening for it counts. Raises `NotFound`. An opening of what has become the employee's own
    record is none.
    """
    subject_of(context, customer_uuid)
    row = (
        connection()
        .execute(
            select(CustomerOpening.customer_id, CustomerOpening.purpose, CustomerOpening.expires_at)
            .join_from(CustomerOpening, Customer, CustomerOpening.customer_id == Customer.id)
            .where(Customer.uuid == customer_uuid, *_in_force(context, purpose))
            .order_by(CustomerOpening.opened_at.desc())
            .limit(1)
        )
        .first()
    )
    return Opening(*row) if row else None


def opened_now(context: Context, customer_ids: Iterable[int]) -> frozenset[int]:
    """Which of these customers this employee has opened for a purpose that is in force."""
    statement = (
        select(CustomerOpening.customer_id)
        .join_from(CustomerOpening, Customer, CustomerOpening.customer_id == Customer.id)
        .where(CustomerOpening.customer_id.in_(list(customer_ids)), *_in_force(context))
    )
    return frozenset(connection().execute(statement).scalars())


def require(context: Context, customer_uuid: uuid.UUID) -> Opening:
    """The opening in force. Raises `Denied` without one: views ask for the purpose before they come here."""
    opening = current(context, customer_uuid)
    if opening is None:
        raise Denied(Permission.OPEN_CUSTOMER)
    return opening


def note_look(
    context: Context, customer_id: int, action: str, purpose: OpeningPurpose | None = None, **details: Any
) -> None:
    """Note that the employee saw a page with this customer's data, in which role, and what for: the purpose of the
    opening in force.

    A `purpose` is the only one that counts, as in `current`. A page that was shown without any opening is noted too.
    """
    stated = (
        select(CustomerOpening.purpose)
        .join_from(CustomerOpening, Customer, CustomerOpening.customer_id == Customer.id)
        .where(CustomerOpening.customer_id == customer_id, *_in_force(context, purpose))
        .order_by(CustomerOpening.opened_at.desc())
        .limit(1)
    )
    looked = select(_role_of(context).scalar_subquery(), stated.scalar_subquery())
    role, stated_purpose = connection().execute(looked).one()
    audit.record(context, action, customer_id=customer_id, purpose=stated_purpose, role=role, **details)


def _role_of(context: Context) -> Select[str]:
    """The role in which the employee acts: it is kept with each look, because it may change afterwards."""
    return select(Staff.role).where(Staff.id == context.actor.id)


def _in_force(context: Context, purpose: OpeningPurpose | None = None) -> Iterator[ColumnElement[bool]]:
    """What makes an opening one of this employee's that counts now."""
    yield CustomerOpening.staff_id == context.actor.id
    yield CustomerOpening.opened_at <= context.now
    yield CustomerOpening.expires_at > context.now
    yield ~_OWN
    if purpose:
        yield CustomerOpening.purpose == purpose.value


def _is_own(context: Context, customer_id: int) -> bool:
    staff = select(Staff.email_identity).where(Staff.id == context.actor.id).scalar_subquery()
    contact = select(Customer.id).where(Customer.id == customer_id, Customer.email_identity == staff)
    login = select(Account.id).where(Account.customer_id == customer_id, Account.email_identity == staff)
    return any(connection().execute(statement).first() is not None for statement in (contact, login))
