"""The overview as a page: greeting, latest orders, and what is left to do."""

from datetime import UTC, datetime

from flask import Flask

from portal.models.base import db
from portal.models.customer import Customer
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.queries import statements


def test_greets_and_offers_to_connect_earlier_orders(shopper: InvariantClient) -> None:
    page = shopper.get("/account")
    assert page.h1 == "Hello, Aino"
    assert page.select('main a[href="/account/earlier-orders"]')
    assert not page.select(".tasks")


def test_tells_what_is_left_to_do(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction, app: Flask
) -> None:
    with transaction() as context:
        row = db.session.get_one(Customer, owner.customer_id)
        row.phone = row.street = None
        for number, status in (("7", "pending"), ("6", "failed")):
            builders.order(context, owner.customer_id, external_id=number, status=status, placed_at=datetime.now(UTC))
    with statements(app) as sent:
        page = shopper.get("/account")
    links = [link["href"] for link in page.select(".tasks a")]
    assert {"The payment of order VK-6 failed", "Order VK-7 is waiting for your payment"} <= set(page.texts(".tasks a"))
    assert sorted(links[:2]) == ["/orders/VK-6", "/orders/VK-7"]
    assert links[2:] == ["/account/addresses", "/account/profile/phone"]
    assert sorted(page.texts("tbody th")) == ["VK-6", "VK-7"]
    assert len(sent) == 7, sent
