"""The overview: the latest five orders, and recent ones that wait for a payment."""

from datetime import UTC, datetime, timedelta

from portal.services import overview
from tests.support import builders
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_shows_the_latest_and_what_waits_for_payment(transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=NOON) as context:
        customer, stranger = builders.customer(context), builders.customer(context)
        for n in range(7):
            builders.order(context, customer, external_id=str(n), placed_at=NOON - timedelta(days=n))
        for number, days, status in (("8", 30, "pending"), ("9", 91, "pending"), ("10", 20, "failed")):
            builders.order(context, customer, external_id=number, status=status, placed_at=NOON - timedelta(days=days))
        builders.order(context, stranger, external_id="11", status="pending", placed_at=NOON)
    with reading(now=NOON) as context:
        found = overview.read(context, customer)
    assert [order.number for order in found.latest] == [f"VK-{n}" for n in range(5)]
    assert [order.number for order in found.unpaid] == ["VK-10", "VK-8"]
    assert found.profile.first_name == "Aino"


def test_a_new_customer_has_nothing_yet(transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        customer = builders.customer(context)
    with reading() as context:
        found = overview.read(context, customer)
    assert (found.latest, found.unpaid) == ([], [])
