"""An employee at work, with a few customers in the register."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from portal.jobs import imports
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer
from portal.services import order_upload_files
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


@pytest.fixture
def importer(employee: Employee) -> InvariantClient:
    """An employee who may import orders, in English."""
    found, _ = employee("orders")
    found.set_cookie("portal_language", "en", domain="localhost")
    return found


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """What the worker does with order files when it is woken."""

    def run() -> None:
        with app.app_context():
            imports.run()

    return run


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where uploaded order files wait; empty at the beginning."""
    path = Path(app.config["PORTAL_DATA_DIR"]) / order_upload_files.FOLDER
    shutil.rmtree(path, ignore_errors=True)
    return path
