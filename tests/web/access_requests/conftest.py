"""A customer who asks for their data, in English."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from config import Limit, Throttles
from portal.services.requests import access_requests
from portal.services.requests.access_requests import OwnRequest
from tests.support import access_requests as made
from tests.support import builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction

ALL = "/privacy/access-requests"
NEW = f"{ALL}/new"
SIGN = f"{NEW}/sign"
Own = Callable[[], list[OwnRequest]]


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer who can log in."""
    with transaction() as context:
        return builders.account(context, email="aile@example.com", first_name="Áile", last_name="Ŋuorgŧŧa")


@pytest.fixture
def asker(client: InvariantClient, owner: MadeAccount) -> InvariantClient:
    """The browser in which the owner is logged in."""
    client.set_cookie("portal_language", "en")
    client.language = "en"
    client.log_in(owner)
    return client


@pytest.fixture
def own(reading: Transaction, owner: MadeAccount) -> Own:
    """Every request of the owner, newest first."""

    def find() -> list[OwnRequest]:
        with reading() as context:
            return access_requests.own(context, owner.customer_id)

    return find


@pytest.fixture
def drafted(transaction: Transaction, owner: MadeAccount) -> None:
    """The owner has answered every question."""
    with transaction() as context:
        made.draft(context, owner.customer_id)


@pytest.fixture
def request_(transaction: Transaction, owner: MadeAccount) -> MadeRequest:
    """A request that the owner has signed."""
    with transaction() as context:
        return made.ask(context, owner.customer_id, name="Áile Ŋuorgŧŧa", language="en")


@pytest.fixture
def employee(transaction: Transaction) -> int:
    """The row number of an employee who answers requests."""
    with transaction() as context:
        return builders.staff(context, "privacy").id


@pytest.fixture
def no_throttle(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the limits do has tests of its own."""
    generous = Limit(100_000, 300)
    limits = replace(Throttles(), login_identifier=generous, login_address=generous)
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", limits)


def answer_all(client: InvariantClient) -> PageResponse:
    """Answer every question for a request of all data; returns the page that shows the answers."""
    page = client.follow(client.submit(NEW, scope="everything"))
    page = client.follow(client.submit_form(page, wishes="Only the year 2025."))
    page = client.follow(client.submit_form(page, contact_by="email"))
    return client.follow(client.submit_form(page, delivery="portal"))
