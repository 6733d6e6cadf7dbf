"""An employee at work, with a few customers in the register."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer
from tests.support.builders import MadeStaff, staff
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction

Employee = Callable[..., tuple[InvariantClient, MadeStaff]]


@pytest.fixture
def employee(new_client: NewClient, transaction: Transaction) -> Employee:
    """Makes an employee who is logged in, in a browser of their own."""

    def make(role: str = "customer_care", **details: Any) -> tuple[InvariantClient, MadeStaff]:
        with transaction() as context:
            made = staff(context, role, **details)
        browser = new_client()
        assert browser.log_in_staff(made).status_code == 200
        return browser, made

    return make


@pytest.fixture
def events(reading: Transaction) -> Callable[[str], list[AuditEvent]]:
    """The audit events of an action, oldest first."""

    def find(action: str) -> list[AuditEvent]:
        with reading():
            found = db.session.query(AuditEvent).filter_by(action=action).order_by(AuditEvent.seq).all()
            db.session.expunge_all()
        return found

    return find


@pytest.fixture
def uuid_of(reading: Transaction) -> Callable[[int], UUID]:
    """The name of a customer in addresses."""

    def find(customer_id: int) -> UUID:
        with reading():
            return db.session.get_one(Customer, customer_id).uuid

    return find
