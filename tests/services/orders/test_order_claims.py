"""Earlier orders join an account by the confirmed e-mail and one order's number, never by one of them alone."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer, CustomerKey
from portal.models.order import Order
from portal.rules.access_requests import EVERYTHING
from portal.rules.clock import helsinki_date
from portal.rules.context import Actor, Context
from portal.rules.errors import NotFound, RuleBroken
from portal.rules.opening_purposes import OpeningPurpose
from portal.rules.register import Source
from portal.rules.request_answers import Answers
from portal.services.imports.formats import prepare
from portal.services.imports.write import write
from portal.services.messaging import messages
from portal.services.orders import order_claims, orders
from portal.services.register import activity, activity_rows, customer_openings, privacy_page, profile
from portal.services.requests import access_requests
from portal.services.requests.access_requests import Entry
from portal.services.unit_of_work import unit_of_work
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction
from tests.support.order_files import order_file, row

EMAIL = "aino@example.com"
NOW = datetime(2026, 6, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer with an account, without phone and company."""
    with transaction(source=Source.REGISTRATION) as context:
        return builders.account(context, email=EMAIL, phone=None, street="Kuubankatu 2", company=None)


@pytest.fixture
def earlier(transaction: Transaction) -> int:
    """The same person as the shop knew her before: two orders, one customer key, no account."""
    with transaction(source=Source.ORDER) as context:
        customer = builders.customer(
            context, email="AINO@example.com", phone="+358501112223", company="Virtanen Oy", street="Vanha katu 1"
        )
        for number in ("10248", "10249"):
            builders.order(context, customer, external_id=number)
        db.session.add(CustomerKey(shop_id=builders.shop(context), external_key="VINET", customer_id=customer))
        return customer


def claim(transaction: Transaction, owner: MadeAccount, number: str) -> int:
    with transaction(Actor("customer", owner.id), source=Source.ACCOUNT) as context:
        return order_claims.join(context, owner.customer_id, number)


@pytest.mark.parametrize("number", ["10248", "#10248", "VK-10249", " vk-10249 "])
def test_one_number_joins_all_orders_keys_and_missing_details(
    number: str, owner: MadeAccount, earlier: int, transaction: Transaction, reading: Transaction
) -> None:
    assert claim(transaction, owner, number) == 2
    with reading() as context:
        assert len(orders.latest(context, owner.customer_id, 9)) == 2
        assert orders.latest(context, earlier, 9) == []
        found = profile.read(context, owner.customer_id)
        origins = profile.origins(context, owner.customer_id, found)
    assert (found.phone, found.company, found.street) == ("+358501112223", "Virtanen Oy", "Kuubankatu 2")
    assert (origins["phone"].source, origins["street"].source) == ("order", "registration")
    with transaction():
        assert db.session.scalar(select(CustomerKey.customer_id)) == owner.customer_id
        assert db.session.get_one(Customer, earlier).merged_into_id == owner.customer_id
        event = db.session.execute(
            select(AuditEvent.details, AuditEvent.customer_id).where(AuditEvent.action == "account.orders_joined")
        ).one()
    assert event == ({"orders": 2}, owner.customer_id)


def test_an_order_that_is_the_customers_own_already_is_no_refusal(
    owner: MadeAccount, earlier: int, transaction: Transaction
) -> None:
    assert claim(transaction, owner, "10248") == 2
    assert claim(transaction, owner, "10249") == 0


@pytest.mark.parametrize("customer_number", ["K1", ""])
def test_importing_the_same_file_again_changes_nothing(
    customer_number: str, owner: MadeAccount, transaction: Transaction, tmp_path: Path
) -> None:
    file = order_file(tmp_path, row(email=EMAIL, customer_number=customer_number))
    for expected in (1, 0):
        with transaction() as context, prepare(file, "csv") as prepared:
            imported = write(context, prepared, shop="verkkokauppa", file_format="csv")
        assert imported.added == expected
        if expected:
            with transaction():
                number = db.session.scalars(select(Order.number)).one()
            assert claim(transaction, owner, number) == 1
    assert imported.changes == 0
    with transaction():
        assert db.session.scalars(select(Order.customer_id)).one() == owner.customer_id


def refusal(transaction: Transaction, owner: MadeAccount, number: str) -> tuple[object, ...]:
    with pytest.raises(RuleBroken) as broken:
        claim(transaction, owner, number)
    return tuple((problem.field, problem.code, dict(problem.params)) for problem in broken.value.problems)


def test_every_number_that_does_not_fit_is_refused_alike(owner: MadeAccount, transaction: Transaction) -> None:
    with transaction(source=Source.ORDER) as context:
        builders.order(context, builders.customer(context, email="toinen@example.com"), external_id="1")
        builders.order(context, builders.customer(context, email=None), external_id="2")
        builders.order(context, builders.account(context, email="kolmas@example.com").customer_id, external_id="3")
        merged = builders.customer(context, email=EMAIL)
        builders.order(context, merged, external_id="4")
        db.session.get_one(Customer, merged).merged_into_id = builders.customer(context)
    told = {repr(refusal(transaction, owner, number)) for number in ("1", "2", "3", "4", "5", "%", "VK-1", "9" * 40)}
    assert told == {repr((("number", "order.claim.refused", {}),))}
    with transaction():
        assert db.session.scalar(select(func.count()).where(Order.customer_id == owner.customer_id)) == 0
        refused = select(func.count()).where(AuditEvent.action == "account.orders_join_refused")
        assert db.session.scalar(refused) == 8


def test_who_had_been_joined_to_the_earlier_customer_follows(
    owner: MadeAccount, earlier: int, transaction: Transaction
) -> None:
    with transaction() as context:
        first = builders.customer(context)
        db.session.get_one(Customer, first).merged_into_id = earlier
    claim(transaction, owner, "10248")
    with transaction():
        assert db.session.get_one(Customer, first).merged_into_id == owner.customer_id


def test_what_is_held_of_the_earlier_record_is_the_accounts_to_see(
    owner: MadeAccount, earlier: int, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(source=Source.ORDER) as context:
        stranger = builders.account(context, email="toinen@example.com").customer_id
        employee = replace(context, actor=Actor("staff", builders.staff(context).id))
        name = db.session.get_one(Customer, earlier).uuid
        customer_openings.open_customer(employee, name, OpeningPurpose.CUSTOMER_CONTACT)
        request = access_requests.enter(
            employee,
            earlier,
            Answers(EVERYTHING, delivery="post"),
            Entry("letter", helsinki_date(context.now), "Tietoni", "fi"),
        )
    claim(transaction, owner, "10248")
    with reading() as context:
        for customer, times in ((owner.customer_id, 1), (stranger, 0)):
            assert privacy_page.read(context, customer).openings == times
            views = [event for event in activity.read(context, customer).events if event.action == activity_rows.OPENED]
            assert len(views) == times
            sent = [row.kind for row in messages.listing(context, customer).rows]
            assert sent.count("access_request_entered") == times
            assert [item.request.reference for item in access_requests.own(context, customer)] == [request] * times
        assert access_requests.own_one(context, owner.customer_id, request).request.reference == request
        with pytest.raises(NotFound):
            access_requests.own_one(context, stranger, request)


def test_two_claims_at_once_join_once(owner: MadeAccount, earlier: int, app: Flask, transaction: Transaction) -> None:
    barrier = threading.Barrier(2)
    moved: list[int] = []

    def join(number: str) -> None:
        context = Context(Actor("customer", owner.id), NOW, Source.ACCOUNT, "test")
        with app.app_context():
            barrier.wait()
            with unit_of_work(context):
                count = order_claims.join(context, owner.customer_id, number)
            moved.append(count)

    threads = [threading.Thread(target=join, args=(number,)) for number in ("10248", "10249")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moved) == [0, 2]
    with transaction():
        joined = select(func.count()).where(AuditEvent.action == "account.orders_joined")
        assert db.session.scalar(joined) == 1
