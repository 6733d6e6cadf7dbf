"""Earlier orders of a customer who had no account yet, joined to the account (DESIGN, "Lives", 4).

A confirmed e-mail alone joins nothing, because mailboxes are handed on: it takes one order's number as well.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import ColumnElement, or_, select, update

from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer, CustomerKey
from portal.models.database import affected
from portal.models.order import Order
from portal.rules.clean_text import clean_line
from portal.rules.context import Context
from portal.rules.errors import RuleBroken
from portal.rules.register import Source
from portal.services.auditing import audit
from portal.services.choices import consent_changes, personalisation
from portal.services.imports import alone
from portal.services.register import customer_search_index, provenance

LONGEST_NUMBER = 100
# People copy a number with its label: "Nr SV-21929", "Tilaus 10248", "n:o 10248".
_LABEL = re.compile(r"^(?:(?:tilaus|beställning|order|nro|nr|no|n:o)[.:\s]+)+", re.IGNORECASE)
SINGLE_FIELDS = ("phone", "company", "business_id")
ADDRESS_FIELDS = ("street", "postal_code", "city", "country")


def join(context: Context, customer_id: int, number: str) -> int:
    """Move the orders of the customer who made the order of this number to the account's customer.

    `number` is the public one or the shop's own. Returns how many orders moved: 0 when the order was the customer's
    own already. Raises `RuleBroken` with one and the same problem for every number that does not fit.
    """
    typed = _LABEL.sub("", clean_line(number, LONGEST_NUMBER, "number", minimum=1))
    identity = db.session.execute(select(Account.email_identity).where(Account.customer_id == customer_id)).scalar_one()
    alone.hold_off_imports()
    owner = provenance.lock(customer_id)
    earlier_id = _earlier_customer(customer_id, identity, typed)
    if earlier_id is None:
        if _is_own(customer_id, typed):
            return 0
        audit.deny(context, "account.orders_join_refused", customer_id=customer_id)
        raise RuleBroken.of("number", "order.claim.refused")
    return _merge(context, owner, provenance.lock(earlier_id))


def _earlier_customer(customer_id: int, identity: str, typed: str) -> int | None:
    """The customer without an account who has the account's e-mail and an order of this number."""
    return db.session.execute(
        select(Customer.id)
        .join(Order, Order.customer_id == Customer.id)
        .outerjoin(Account, Account.customer_id == Customer.id)
        .where(
            _has_number(typed),
            Customer.id != customer_id,
            Customer.email_identity == identity,
            Customer.merged_into_id.is_(None),
            Account.id.is_(None),
        )
        .order_by(Customer.id)
        .limit(1)
    ).scalar()


def _is_own(customer_id: int, typed: str) -> bool:
    own = select(Order.id).where(Order.customer_id == customer_id, _has_number(typed)).limit(1)
    return db.session.execute(own).first() is not None


def _has_number(typed: str) -> ColumnElement[bool]:
    bare = typed.removeprefix("#")
    return or_(Order.number.in_({typed, bare.upper()}), Order.external_id.in_({typed, bare, f"#{bare}"}))


def _merge(context: Context, owner: Customer, earlier: Customer) -> int:
    moved = affected(update(Order).where(Order.customer_id == earlier.id).values(customer_id=owner.id))
    consent_changes.carry_over(context, earlier.id, owner.id)
    db.session.execute(update(CustomerKey).where(CustomerKey.customer_id == earlier.id).values(customer_id=owner.id))
    # Whoever had been joined to the earlier customer follows, so that the way to the account is always one step.
    db.session.execute(update(Customer).where(Customer.merged_into_id == earlier.id).values(merged_into_id=owner.id))
    earlier.merged_into_id = owner.id
    earlier.version += 1
    db.session.flush()
    provenance.set_fields(replace(context, source=Source.ORDER), owner, _missing(owner, earlier))
    customer_search_index.refresh(context, [owner.id, earlier.id])
    personalisation.refresh(context, owner.id)
    audit.record(context, "account.orders_joined", customer_id=owner.id, orders=moved)
    return moved


def _missing(owner: Customer, earlier: Customer) -> dict[str, str | None]:
    """What the earlier customer had and the account lacks. Parts of an address are never mixed with another's."""
    names = [name for name in SINGLE_FIELDS if not getattr(owner, name)]
    if not any(getattr(owner, name) for name in ADDRESS_FIELDS[:3]):
        names += ADDRESS_FIELDS
    return {name: getattr(earlier, name) for name in names if getattr(earlier, name)}
