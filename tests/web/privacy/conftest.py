"""A customer who is logged in."""

from datetime import UTC, datetime

import pytest

from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer who can log in."""
    with transaction(now=NOON) as context:
        return builders.account(context, email="aino@example.com", first_name="Aino", source="registration")


@pytest.fixture
def shopper(client: InvariantClient, owner: MadeAccount) -> InvariantClient:
    """The browser in which the owner is logged in, in English."""
    client.set_cookie("portal_language", "en")
    client.language = "en"
    client.log_in(owner)
    return client
