"""What an employee's start page shows: orders on their way, and the customers the employee opened last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.order import Order
from portal.models.staff import CustomerOpening
from portal.rules.context import Context
from portal.rules.customer_numbers import customer_number
from portal.rules.order_status import STATUSES

LATEST = 5
# Counting further would cost more than anybody gains from it.
COUNTED = 100


@dataclass(frozen=True)
class Waiting:
    """How many orders are in a state that something must follow; `more` when there are more than are counted."""

    status: str
    count: int
    more: bool


def waiting(context: Context) -> list[Waiting]:
    """The states in which orders wait, with how many there are; states without orders are left out."""
    found = []
    for status in (code for code, state in STATUSES.items() if state.open):
        some = select(Order.id).where(Order.status == status).limit(COUNTED + 1).subquery()
        count = connection().execute(select(func.count()).select_from(some)).scalar_one()
        if count:
            found.append(Waiting(status, min(count, COUNTED), count > COUNTED))
    return found


def opened_lately(context: Context) -> Sequence[Any]:
    """The customers this employee opened last: uuid, number, name and time, newest first, each once."""
    last = func.max(CustomerOpening.opened_at).label("opened_at")
    statement = (
        select(Customer.id, Customer.uuid, Customer.first_name, Customer.last_name, Customer.company, last)
        .join_from(CustomerOpening, Customer, CustomerOpening.customer_id == Customer.id)
        .where(CustomerOpening.staff_id == context.actor.id)
        .group_by(Customer.id, Customer.uuid, Customer.first_name, Customer.last_name, Customer.company)
        .order_by(last.desc(), Customer.id)
        .limit(LATEST)
    )
    return [{**row._mapping, "number": customer_number(row.id)} for row in connection().execute(statement)]
