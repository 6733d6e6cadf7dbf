"""Which request is the second within twelve months: by the day of receipt, across all records of a person."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.access_requests import State
from portal.rules.context import Actor
from portal.services.requests import access_requests as service
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction(now=MONDAY) as context:
        return builders.account(context)


def ask(transaction: Transaction, owner: MadeAccount, now: datetime = MONDAY) -> MadeRequest:
    with transaction(now=now) as context:
        return access_requests.ask(context, owner.customer_id)


def paper(transaction: Transaction, customer_id: int, received_on: date) -> MadeRequest:
    """A letter that is written down on Monday."""
    with transaction(now=MONDAY) as context:
        employee = Actor("staff", builders.staff(context, "privacy").id)
        return access_requests.enter(replace(context, actor=employee), customer_id, received_on=received_on)


def withdraw(transaction: Transaction, owner: MadeAccount, request: MadeRequest) -> None:
    with transaction(Actor("customer", owner.id), now=MONDAY) as context:
        service.withdraw(context, owner.customer_id, request.reference, 1)


def repeated(reading: Transaction, request: MadeRequest) -> int | None:
    with reading():
        own = select(AccessRequest.earlier_id).where(AccessRequest.id == request.id)
        return db.session.execute(own).scalar_one()


def test_a_second_request_within_twelve_months_is_accepted_and_flagged(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    days = (MONDAY, MONDAY + timedelta(days=30), MONDAY + timedelta(days=364), MONDAY + timedelta(days=364 + 366))
    made = [ask(transaction, owner, day) for day in days]
    assert [repeated(reading, request) for request in made] == [None, made[0].id, made[1].id, None]
    with reading():
        assert set(db.session.execute(select(AccessRequest.state)).scalars()) == {State.RECEIVED.value}


def test_a_withdrawn_request_is_not_repeated_by_the_next(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    withdraw(transaction, owner, ask(transaction, owner))
    assert repeated(reading, ask(transaction, owner)) is None


def test_a_letter_written_down_late_is_the_earlier_request(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    """Requests repeat each other in the order of their receipt, whatever the order in which they were stored."""
    old = ask(transaction, owner, MONDAY - timedelta(days=200))
    withdrawn = ask(transaction, owner)
    withdraw(transaction, owner, withdrawn)
    last = ask(transaction, owner)
    assert repeated(reading, last) == old.id
    same_day = paper(transaction, owner.customer_id, TODAY)
    between = paper(transaction, owner.customer_id, TODAY - timedelta(days=10))
    assert repeated(reading, old) is None and repeated(reading, between) == old.id
    assert repeated(reading, last) == between.id and repeated(reading, same_day) == last.id
    # A decided request keeps what was known at its time.
    assert repeated(reading, withdrawn) == old.id


def test_the_requests_of_a_joined_record_are_the_same_persons(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=MONDAY) as context:
        record, stranger = builders.customer(context), builders.customer(context)
    first = paper(transaction, record, TODAY - timedelta(days=30))
    paper(transaction, stranger, TODAY - timedelta(days=5))
    with transaction(now=MONDAY):
        db.session.execute(update(Customer).where(Customer.id == record).values(merged_into_id=owner.customer_id))
    second = ask(transaction, owner)
    assert repeated(reading, second) == first.id
    assert repeated(reading, paper(transaction, record, TODAY)) == second.id
