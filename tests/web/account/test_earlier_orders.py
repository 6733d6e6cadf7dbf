"""Joining earlier orders as a page: one answer for every number that does not fit, and few guesses."""

import pytest

from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.sameness import told

PATH = "/account/earlier-orders"


@pytest.fixture
def earlier(owner: MadeAccount, transaction: Transaction) -> None:
    """Orders of the owner's own e-mail and of another's, both without an account."""
    with transaction() as context:
        builders.order(context, builders.customer(context, email=owner.email), external_id="10248")
        builders.order(context, builders.customer(context, email="toinen@example.com"), external_id="20000")


@pytest.mark.usefixtures("earlier")
def test_a_number_joins_the_orders(shopper: InvariantClient) -> None:
    answer = shopper.submit(PATH, number="10248")
    assert (answer.status_code, answer.location) == (303, "/orders")
    page = shopper.follow(answer)
    assert "Your earlier orders are now in your account." in page.page_text
    assert page.texts("tbody th") == ["VK-10248"]
    again = shopper.follow(shopper.submit(PATH, number="10248"))
    assert "already in your account" in again.page_text


@pytest.mark.usefixtures("earlier")
def test_another_persons_number_and_none_are_answered_alike(shopper: InvariantClient) -> None:
    answers = [shopper.submit(PATH, number=number) for number in ("20000", "99999")]
    assert answers[0].status_code == 422
    assert told(answers[0], "20000") == told(answers[1], "99999")


def test_guesses_are_throttled(shopper: InvariantClient) -> None:
    statuses = [shopper.submit(PATH, number=str(n)).status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]


@pytest.mark.parametrize("number", ["", "9" * 40, "x" * 101, "'--", "%"])
def test_hostile_numbers_are_told_at_the_field(number: str, shopper: InvariantClient) -> None:
    answer = shopper.submit(PATH, number=number)
    assert answer.status_code == 422
    assert answer.fields_in_error == ["number"]
