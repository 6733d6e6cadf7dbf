"""What is derived from the purchases of customers who want suggestions (notice §5; decision 18).

Nothing is derived without the consent, nor for whoever has no account to see it in. What was derived is replaced as a
whole, and goes when the consent or the account ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, exists, func, insert, or_, select

from portal.models.account import Account
from portal.models.base import UtcDateTime, db
from portal.models.consent import ConsentEvent
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.order import Order, OrderLine
from portal.models.personalisation import Derivation, DerivedFact, Interest
from portal.rules.clock import helsinki_date, helsinki_midnight
from portal.rules.consents import PERSONALISATION, Action
from portal.rules.context import Context
from portal.rules.purchase_facts import PRODUCTS, Fact, Purchase, derive
from portal.rules.retention import add_months
from portal.services.choices import consents

# Older orders say little about today, and a count must end somewhere.
MONTHS = 36
MOST_LINES = 5_000
# An order that was cancelled, not paid or given back says nothing about what the customer wants.
COUNTED = ("processing", "on_hold", "shipped", "completed")
# What nothing has renewed for so long is renewed all the same: orders grow too old to count.
STALE = timedelta(days=30)
SUGGESTED = 3
FactRow = Row[Any]

_FACTS = (
    select(*DerivedFact.__table__.columns)
    .where(DerivedFact.customer_id == bindparam("customer"))
    .order_by(DerivedFact.id)
)
_SUGGESTIONS = _FACTS.where(DerivedFact.kind.in_(PRODUCTS)).limit(SUGGESTED)


def facts(context: Context, customer_id: int) -> Sequence[FactRow]:
    """Everything derived about a customer, the best suggestion first."""
    return connection().execute(_FACTS, {"customer": customer_id}).all()


def suggestions(context: Context, customer_id: int) -> Sequence[FactRow]:
    """The products to suggest; none without the consent, for then nothing is derived."""
    return connection().execute(_SUGGESTIONS, {"customer": customer_id}).all()


def refresh(context: Context, customer_id: int) -> int:
    """Derive anew what the customer's orders say, or take away what there is when it may not be derived.

    The customer's row is locked first, so that a consent cannot end meanwhile. Returns how many facts there are.
    """
    owner = select(Customer.id).where(Customer.id == consents.owner_of(customer_id)).with_for_update()
    person = db.session.execute(owner).scalar_one()
    forget(context, person)
    if not db.session.execute(select(_allowed(person))).scalar_one():
        return 0
    db.session.execute(insert(Derivation).values(customer_id=person, derived_at=context.now))
    found = derive(_purchases(context, person), _interests(person))
    if found:
        db.session.execute(insert(DerivedFact), [_row(context, person, fact) for fact in found])
    return len(found)


def forget(context: Context, customer_id: int) -> None:
    """Take away everything derived about a customer."""
    for table in (DerivedFact, Derivation):
        db.session.execute(delete(table).where(table.customer_id == customer_id))


def due(context: Context) -> list[int]:
    """Customers who consented and were never looked at, or whose orders have changed since, or long ago."""
    consenting = select(ConsentEvent.customer_id).where(
        ConsentEvent.kind == PERSONALISATION, ConsentEvent.action == Action.GIVEN
    )
    changed = exists().where(Order.customer_id == Customer.id, Order.imported_at > Derivation.derived_at)
    never, last = Derivation.derived_at.is_(None), Derivation.derived_at
    statement = (
        select(Customer.id)
        .outerjoin(Derivation, Derivation.customer_id == Customer.id)
        .where(
            Customer.id.in_(consenting),
            _allowed(Customer.id),
            or_(never, changed, last < bindparam("stale", type_=UtcDateTime())),
        )
    )
    found = connection().execute(statement.order_by(Customer.id), {"stale": context.now - STALE})
    return list(found.scalars())


def _allowed(customer_id: Any) -> ColumnElement[bool]:
    """Whether the consent is in force and there is an account, as an expression."""
    has_account = exists().where(Account.customer_id == customer_id).correlate_except(Account)
    return and_(consents.latest_action(PERSONALISATION, customer_id) == Action.GIVEN, has_account)


def _purchases(context: Context, customer_id: int) -> list[Purchase]:
    statement = (
        select(Order.id, Order.placed_at, OrderLine.sku, OrderLine.product, OrderLine.product_folded)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.customer_id == customer_id, Order.placed_at >= _begin(context), Order.status.in_(COUNTED))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(MOST_LINES)
    )
    return [
        Purchase(row.id, row.placed_at, row.sku or row.product_folded, row.product, row.product_folded)
        for row in db.session.execute(statement)
    ]


def _begin(context: Context) -> datetime:
    return helsinki_midnight(add_months(helsinki_date(context.now), -MONTHS))


def _interests(customer_id: int) -> list[str]:
    told = select(func.coalesce(Interest.topic, Interest.words)).where(Interest.customer_id == customer_id)
    return list(db.session.execute(told.order_by(Interest.id)).scalars())


def _row(context: Context, customer_id: int, fact: Fact) -> dict[str, Any]:
    return {**asdict(fact), "kind": fact.kind.value, "customer_id": customer_id, "derived_at": context.now}
