"""Whom announcements reach by e-mail: service information everybody with an address, marketing those who allow it.

Records that share an address without being joined are one mailbox, which gets one message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.announcement_types import AnnouncementType
from portal.rules.consents import MARKETING, Action, Channel, permitted
from portal.rules.context import Context
from portal.rules.legal_persons import is_legal_person
from portal.services.choices.consents import latest_action


@dataclass(frozen=True)
class Audience:
    """A stretch of the customers with an e-mail address: rows of (id, email, language) of those who are written to, how
    many were looked at, and the row number of the last one."""

    reached: Sequence[Any]
    looked: int
    last: int


def audience(context: Context, announcement_type: str, after: int, limit: int) -> Audience:
    """The next customers with an e-mail address, by row number, and who of them gets an announcement of a type that
    leaves at this moment.

    Service information goes to the oldest record of each mailbox. What one record of a mailbox refused keeps marketing
    from all of them, and the oldest record that allows it gets the message.
    """
    known = _readers().order_by(Customer.id)
    looked = connection().execute(known.where(Customer.id > after).limit(limit)).all()
    boxes: dict[str, list[Any]] = {}
    for row in connection().execute(known.where(Customer.email_identity.in_({row.email_identity for row in looked}))):
        boxes.setdefault(row.email_identity, []).append(row)
    gets = _gets if announcement_type == AnnouncementType.MARKETING else _is_oldest
    reached = [row for row in looked if gets(row, boxes.get(row.email_identity, []))]
    return Audience(reached, len(looked), looked[-1].id if looked else after)


def may_mail(context: Context, customer_id: int, address: str) -> bool:
    """Whether marketing by e-mail may go to an address, as this customer's, at this moment: it still is theirs, they
    allow it, and no record with the same mailbox refused it."""
    mailbox = select(Customer.email_identity).where(Customer.id == customer_id, Customer.email == address)
    box = connection().execute(_readers().where(Customer.email_identity == mailbox.scalar_subquery())).all()
    own = next((row for row in box if row.id == customer_id), None)
    return own is not None and _allows(own) and not _is_refused(box)


def has_address(context: Context, customer_id: int, address: str) -> bool:
    """Whether an address is still this customer's: service information goes to no other."""
    own = _readers().where(Customer.id == customer_id, Customer.email == address)
    return connection().execute(own).first() is not None


def _readers() -> Select[Any]:
    """The customers with an e-mail address, and what each said last about marketing there."""
    columns = (Customer.id, Customer.email, Customer.email_identity, Customer.language, Customer.company)
    latest = latest_action(MARKETING[Channel.EMAIL].code, Customer.id).label("latest")
    known = select(*columns, Customer.business_id, latest)
    return known.where(Customer.merged_into_id.is_(None), Customer.email.is_not(None))


def _gets(row: Any, box: Sequence[Any]) -> bool:
    return _allows(row) and not _is_refused(box) and _is_oldest(row, [other for other in box if _allows(other)])


def _is_oldest(row: Any, box: Sequence[Any]) -> bool:
    return all(other.id >= row.id for other in box)


def _is_refused(box: Sequence[Any]) -> bool:
    return any(row.latest in (Action.WITHDRAWN, Action.FORBIDDEN) for row in box)


def _allows(row: Any) -> bool:
    said = [row.latest] if row.latest else []
    rule = MARKETING[Channel.EMAIL].rule(legal_person=is_legal_person(row.company, row.business_id))
    return permitted(rule, said)
