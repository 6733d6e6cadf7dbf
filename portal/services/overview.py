"""The first page of a customer: the latest orders, what is left to do, and suggestions where they are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select, true

from portal.models.database import connection
from portal.models.order import Order
from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.rules.order_status import WAITING_FOR_PAYMENT
from portal.services.accounts import factor_removal
from portal.services.accounts.factor_removal import State
from portal.services.choices import personalisation
from portal.services.choices.personalisation import FactRow
from portal.services.data_copy import data_copies
from portal.services.orders import orders
from portal.services.orders.order_search import COLUMNS
from portal.services.orders.orders import OrderRow
from portal.services.register import profile
from portal.services.register.profile import Profile

LATEST = 5
# An order that nobody paid for this long is not going to be paid any more.
PAYABLE_DAYS = 90
MOST_UNPAID = 3


@dataclass(frozen=True)
class Overview:
    """What the page shows. `unpaid` are recent orders that wait for the customer's payment; `suggestions` are empty
    without the customer's consent."""

    profile: Profile
    latest: list[OrderRow]
    unpaid: list[OrderRow]
    suggestions: Sequence[FactRow]


@dataclass(frozen=True)
class Waiting:
    """What waits for the customer: whether the second factor is going to be removed, and copies with the answers to
    requests, each with the request's `reference` and its `expires_at`."""

    removal: State
    copies: Sequence[Any]


_UNPAID = (
    select(*COLUMNS)
    .where(
        Order.customer_id == bindparam("customer_id"),
        Order.placed_at >= bindparam("since"),
        Order.status.in_(WAITING_FOR_PAYMENT),
    )
    .order_by(Order.placed_at.desc(), Order.id.desc())
    .limit(MOST_UNPAID)
)


def read(context: Context, customer_id: int) -> Overview:
    """The customer's overview: four queries."""
    latest = orders.latest(context, customer_id, LATEST)
    since = context.now - timedelta(days=PAYABLE_DAYS)
    unpaid = connection().execute(_UNPAID, {"customer_id": customer_id, "since": since}).all() if latest else []
    suggested = personalisation.suggestions(context, customer_id) if latest else []
    return Overview(profile.read(context, customer_id), latest, [OrderRow._make(row) for row in unpaid], suggested)


def waiting(context: Context, customer_id: int) -> Waiting:
    """What waits for the customer, in one query. Raises `NotFound` when there is no account."""
    copies = data_copies.to_fetch(context, customer_id).subquery()
    both = factor_removal.standing(customer_id).add_columns(copies.c.reference, copies.c.expires_at)
    ordered = both.outerjoin(copies, true()).order_by(copies.c.expires_at, copies.c.id)
    rows = connection().execute(ordered).all()
    if not rows:
        raise NotFound
    return Waiting(State(*rows[0][:-2]), [row for row in rows if row.reference is not None])
