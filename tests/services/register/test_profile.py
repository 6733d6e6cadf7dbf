"""A customer's details: their source, their history, and changes that lose nothing."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.context import Actor, Context
from portal.rules.errors import RuleBroken, Stale
from portal.rules.register import Source
from portal.services.register import profile
from portal.services.register.profile import Step
from portal.services.unit_of_work import unit_of_work
from tests.support import builders
from tests.support.fixtures import Transaction

DAY = datetime(2026, 6, 12, 9, 0, tzinfo=UTC)
CUSTOMER = Actor("customer", 1)


@pytest.fixture
def owner(transaction: Transaction) -> int:
    """A customer whose details came with an order."""
    with transaction(now=DAY, source=Source.ORDER) as context:
        return builders.customer(context)


def as_customer(transaction: Transaction) -> Any:
    return transaction(CUSTOMER, now=DAY.replace(month=7), source=Source.ACCOUNT)


def test_a_change_keeps_source_time_and_the_value_before(
    owner: int, transaction: Transaction, reading: Transaction
) -> None:
    with as_customer(transaction) as context:
        assert profile.change_phone(context, owner, 1, phone="050 765 4321") == ["phone"]
    with transaction(Actor("staff", 1), now=DAY.replace(month=8), source=Source.PHONE) as context:
        assert profile.change_phone(context, owner, 2, phone="") == ["phone"]
    with reading() as context:
        steps = profile.changes(context, owner).steps
        found = profile.read(context, owner)
        origins = profile.origins(context, owner, found)
    assert [(step.before, step.after, step.source, step.actor_kind) for step in steps] == [
        ("+358507654321", None, "phone", "staff"),
        ("+358401234567", "+358507654321", "account", "customer"),
    ]
    assert (origins["phone"].source, origins["phone"].changed_at) == ("phone", DAY.replace(month=8))
    assert (origins["street"].source, origins["street"].changed_at) == ("order", DAY)
    assert found.version == 3


def test_the_history_goes_on_over_all_pages_with_what_came_after(
    owner: int, transaction: Transaction, reading: Transaction
) -> None:
    numbers = [f"+3585012345{n:02d}" for n in range(60)]
    for version, number in enumerate(numbers, 1):
        with as_customer(transaction) as context:
            profile.change_phone(context, owner, 2 * version - 1, phone=number)
            profile.change_language(context, owner, 2 * version, language=("sv", "fi")[version % 2 == 0])
    steps, after, pages = list[Step](), None, 0
    with reading() as context:
        while pages == 0 or after:
            found = profile.changes(context, owner, after)
            assert len(found.steps) <= profile.PAGE_SIZE
            steps, after, pages = steps + found.steps, found.older, pages + 1
        phones = [(step.before, step.after) for step in steps if step.field == "phone"]
        assert phones == list(zip(["+358401234567", *numbers], numbers, strict=False))[::-1]
        assert (len(steps), pages) == (120, 3)
        with pytest.raises(ValueError, match="cursor"):
            profile.changes(context, owner + 1, profile.changes(context, owner).older)


def test_an_address_is_checked_as_a_whole_with_all_problems_at_once(owner: int, transaction: Transaction) -> None:
    with pytest.raises(RuleBroken) as broken, as_customer(transaction) as context:
        profile.change_address(context, owner, 1, street="", postal_code="123", city="", country="FI")
    assert {problem.field for problem in broken.value.problems} == {"street", "postal_code", "city"}
    with as_customer(transaction) as context:
        profile.change_address(
            context, owner, 1, street="Storgatan 1", postal_code="22100", city="Mariehamn", country="AX"
        )
        assert db.session.get_one(Customer, owner).postal_code == "22100"


def save_name(context: Context, owner: int) -> object:
    return profile.change_name(context, owner, 1, first_name="", last_name="1")


def save_company(context: Context, owner: int) -> object:
    return profile.change_company(context, owner, 1, company="", business_id="2077474-1")


def save_language(context: Context, owner: int) -> object:
    return profile.change_language(context, owner, 1, language="ru")


def save_country(context: Context, owner: int) -> object:
    return profile.change_address(context, owner, 1, street="A 1", postal_code="1", city="B", country="XX")


@pytest.mark.parametrize(
    ("save", "fields"),
    [
        (save_name, {"first_name", "last_name"}),
        (save_company, {"company", "business_id"}),
        (save_language, {"language"}),
        (save_country, {"country"}),
    ],
)
def test_what_the_rules_refuse_changes_nothing(
    save: Callable[[Context, int], object], fields: set[str], owner: int, transaction: Transaction
) -> None:
    with pytest.raises(RuleBroken) as broken, as_customer(transaction) as context:
        save(context, owner)
    assert {problem.field for problem in broken.value.problems} == fields
    with transaction():
        assert db.session.get_one(Customer, owner).version == 1


def test_the_same_value_again_is_no_change(owner: int, transaction: Transaction, reading: Transaction) -> None:
    with as_customer(transaction) as context:
        assert profile.change_name(context, owner, 1, first_name="Aino", last_name="Virtanen") == []
    with reading() as context:
        assert profile.changes(context, owner).steps == []


def test_a_stale_form_is_refused_with_the_version_of_now(owner: int, transaction: Transaction) -> None:
    with as_customer(transaction) as context:
        profile.change_phone(context, owner, 1, phone="050 765 4321")
    with pytest.raises(Stale) as stale, as_customer(transaction) as context:
        profile.change_name(context, owner, 1, first_name="Aila", last_name="Virtanen")
    assert stale.value.version == 2


def test_of_two_changes_at_once_one_is_refused_and_none_is_lost(
    owner: int, app: Flask, transaction: Transaction
) -> None:
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def change(phone: str) -> None:
        context = Context(CUSTOMER, DAY, Source.ACCOUNT, "test")
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work(context):
                    profile.change_phone(context, owner, 1, phone=phone)
                outcomes.append(phone)
            except Stale:
                outcomes.append("stale")

    threads = [threading.Thread(target=change, args=(phone,)) for phone in ("+358507654321", "+358409876543")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("stale") == 1
    (kept,) = set(outcomes) - {"stale"}
    with transaction():
        assert db.session.execute(select(Customer.phone, Customer.version)).one() == (kept, 2)
