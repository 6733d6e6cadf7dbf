"""The overview: the latest five orders, and recent ones that wait for a payment."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.models.account import Account
from portal.models.base import db
from portal.rules.access_requests import State
from portal.rules.errors import NotFound
from portal.services import overview
from tests.support import access_requests, builders
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


def test_tells_what_waits_of_this_customer_alone(transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=NOON) as context:
        owner, other = builders.account(context), builders.account(context, email="eero@example.com")
        employee = builders.staff(context, "privacy").id
        references = []
        for customer_id in (owner.customer_id, owner.customer_id, other.customer_id):
            made = access_requests.ask(context, customer_id)
            access_requests.lead_to(context, made, employee, State.IN_PROGRESS, State.ANSWERED)
            references.append(made.reference)
        db.session.get_one(Account, owner.id).factor_removal_at = NOON
    with reading(now=NOON) as context:
        waiting, elsewhere = (overview.waiting(context, account.customer_id) for account in (owner, other))
    assert [row.reference for row in waiting.copies] == references[:2]
    assert (waiting.removal.account_id, waiting.removal.asked_at) == (owner.id, NOON)
    assert [row.reference for row in elsewhere.copies] == references[2:]
    assert (elsewhere.removal.account_id, elsewhere.removal.due_at) == (other.id, None)


def test_nothing_waits_for_a_new_customer_nor_for_whoever_has_no_account(
    transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        account, without = builders.account(context), builders.customer(context)
    with reading() as context:
        found = overview.waiting(context, account.customer_id)
        assert (list(found.copies), found.removal.asked_at) == ([], None)
        with pytest.raises(NotFound):
            overview.waiting(context, without)
