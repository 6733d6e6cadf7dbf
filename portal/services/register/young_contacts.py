"""Which contact details are too young to receive a copy of somebody's data: the one place that says so (GDPR 12(6)).

Whoever takes an account over first changes where its mail goes. So a detail that was changed, or given where there was
none, within thirty days receives no copy unless an employee has made sure since who asks.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.models.account import Account, EmailChange
from portal.models.customer import Provenance
from portal.models.database import connection
from portal.rules.context import Context

YOUNG = timedelta(days=30)
ADDRESS = ("street", "postal_code", "city", "country")
CONTACT = ("email", "phone", *ADDRESS)


def changed(context: Context, customer_id: int) -> dict[str, datetime]:
    """The contact details that are young, each with the moment of its latest change. What came with the record itself,
    at sign-up or with an order, was never changed."""
    latest = (
        select(Provenance.field, func.max(Provenance.changed_at).label("changed_at"))
        .where(
            Provenance.customer_id == customer_id,
            Provenance.field.in_(CONTACT),
            Provenance.changed_at > context.now - YOUNG,
        )
        .group_by(Provenance.field)
    )
    return {row.field: row.changed_at for row in connection().execute(latest)}


def address_changed(context: Context, customer_id: int) -> datetime | None:
    """When the postal address was last changed, while it is young; else None."""
    found = changed(context, customer_id)
    return max((found[field] for field in ADDRESS if field in found), default=None)


def login_changed(context: Context, customer_id: int) -> datetime | None:
    """When the log-in address of the account was last changed, while it is young; else None."""
    latest = (
        select(func.max(EmailChange.confirmed_at))
        .join(Account, EmailChange.account_id == Account.id)
        .where(Account.customer_id == customer_id, EmailChange.confirmed_at > context.now - YOUNG)
    )
    moment: datetime | None = connection().execute(latest).scalar()
    return moment
