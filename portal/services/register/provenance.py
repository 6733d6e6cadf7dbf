"""Where each value came from: the one function that changes a tracked field (decision 8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, insert, select

from portal.models.base import db
from portal.models.customer import Customer, Provenance
from portal.models.database import connection
from portal.rules.context import Context
from portal.rules.errors import Stale
from portal.services.auditing import audit
from portal.services.register import customer_search_index

TRACKED = (
    "first_name",
    "last_name",
    "company",
    "business_id",
    "email",
    "email_identity",
    "phone",
    "street",
    "postal_code",
    "city",
    "country",
    "language",
)


class Change(NamedTuple):
    """The latest change of one field."""

    field: str
    source: str
    actor_kind: str
    changed_at: datetime


def set_fields(
    context: Context, customer: Customer, values: Mapping[str, str | None], *, version: int | None = None
) -> list[str]:
    """Set tracked fields of a customer that is locked by `lock`, and record source, actor, time and the value before.

    Returns the names that really changed. `version` is the one the form was filled from; raises `Stale` when the row
    has moved on since. Raises `ValueError` for a field that is not tracked.
    """
    if version is not None and version != customer.version:
        raise Stale(customer.version)
    unknown = set(values) - set(TRACKED)
    if unknown:
        raise ValueError(f"{sorted(unknown)} are not tracked fields.")
    before = {name: getattr(customer, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    if not changed:
        return []
    for name in changed:
        setattr(customer, name, values[name])
    customer.version += 1
    db.session.execute(insert(Provenance), [_row(context, customer, name, before[name]) for name in changed])
    db.session.flush()
    customer_search_index.refresh(context, [customer.id])
    audit.record(
        context,
        "customer.changed",
        customer_id=customer.id,
        fields=sorted(changed),
        source=context.source.value,
    )
    return changed


def lock(customer_id: int) -> Customer:
    """The customer's row, locked until the end of the transaction (SECURITY R11)."""
    return db.session.execute(select(Customer).where(Customer.id == customer_id).with_for_update()).scalar_one()


def latest(context: Context, customer_id: int) -> dict[str, Change]:
    """The latest change of every field that was ever changed, by field name."""
    newest = select(func.max(Provenance.id)).where(Provenance.customer_id == customer_id).group_by(Provenance.field)
    rows = connection().execute(
        select(Provenance.field, Provenance.source, Provenance.actor_kind, Provenance.changed_at).where(
            Provenance.id.in_(newest)
        )
    )
    return {row.field: Change(*row) for row in rows}


def _row(context: Context, customer: Customer, name: str, before: str | None) -> dict[str, object]:
    return {
        "customer_id": customer.id,
        "field": name,
        "source": context.source.value,
        "actor_kind": context.actor.kind,
        "actor_id": context.actor.id,
        "changed_at": context.now,
        "old_value": before,
    }
