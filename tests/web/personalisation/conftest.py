"""A customer with purchases, in the browser."""

from datetime import timedelta

import pytest

from tests.support import builders
from tests.support.builders import Line, MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer who has bought rope twice and socks once."""
    with transaction() as context:
        made = builders.account(context, email="aino@example.com", first_name="Aino", language="en")
        for days, lines in ((40, [Line("Köysi 12 mm", sku="K")]), (10, [Line("Köysi 12 mm", sku="K"), Line("Sukat")])):
            builders.order(context, made.customer_id, lines=lines, placed_at=context.now - timedelta(days=days))
    return made


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
    assert visitor.submit("/privacy/consents", personalisation=True).status_code == 303
    return visitor
