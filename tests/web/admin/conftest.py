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
from portal.services.imports import order_upload_files
from tests.support import access_requests
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeStaff, account, staff
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction

Employee = Callable[..., tuple[InvariantClient, MadeStaff]]
OWNER = "veikko@example.org"


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
def asked(transaction: Transaction) -> MadeRequest:
    """A request that a customer signed in the account."""
    with transaction() as context:
        owner = account(context, first_name="Veikko", last_name="Äyräväinen", email=OWNER)
        return access_requests.ask(context, owner.customer_id, name="Veikko Äyräväinen")


@pytest.fixture
def officer(employee: Employee, asked: MadeRequest) -> Employee:
    """Makes an employee of the privacy team, whose pages are in English, with a request open."""

    def make(request: MadeRequest = asked, **details: Any) -> tuple[InvariantClient, MadeStaff]:
        browser, member = employee("privacy", **details)
        browser.set_cookie("portal_language", "en")
        browser.language = "en"
        assert browser.submit(f"/admin/requests/{request.reference}/open").status_code == 303
        return browser, member

    return make


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
