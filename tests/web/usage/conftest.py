"""A customer in the browser, and what usage statistics have stored."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.models.database import connection
from portal.models.usage import PageView
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction

Noted = Callable[[], list[str]]


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer who can log in."""
    with transaction() as context:
        return builders.account(context, email="aino@example.com", first_name="Aino", language="en")


@pytest.fixture
def visitor(client: InvariantClient, owner: MadeAccount) -> InvariantClient:
    """The browser in which the owner is logged in, in English."""
    client.set_cookie("portal_language", "en")
    client.language = "en"
    client.log_in(owner)
    return client


@pytest.fixture
def consenting(visitor: InvariantClient) -> InvariantClient:
    """The same browser after the switch was turned on."""
    assert visitor.submit("/privacy/consents", usage=True).status_code == 303
    return visitor


@pytest.fixture
def noted(reading: Transaction) -> Noted:
    """The codes of the pages that were noted, in their order."""

    def find() -> list[str]:
        with reading():
            return list(connection().execute(select(PageView.page).order_by(PageView.id)).scalars())

    return find
