"""Employees of the demo open a customer for a purpose before they do anything there, as the portal demands."""

from __future__ import annotations

from sqlalchemy import select

from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.context import Context
from portal.rules.opening_purposes import OpeningPurpose
from portal.services.register import customer_openings


def open_for(context: Context, customer_id: int, purpose: OpeningPurpose) -> None:
    """Let the employee who acts open the customer."""
    whose = db.session.execute(select(Customer.uuid).where(Customer.id == customer_id)).scalar_one()
    customer_openings.open_customer(context, whose, purpose)
