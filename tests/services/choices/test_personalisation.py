"""What is derived from purchases: under the consent alone, of counted orders alone, renewed and taken away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from portal.jobs import derive
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.order import Order
from portal.rules.consents import KINDS, PERSONALISATION, Action
from portal.rules.context import Actor, Context
from portal.rules.errors import RuleBroken, Stale
from portal.rules.register import Source
from portal.services import overview
from portal.services.accounts import account_closing
from portal.services.choices import consent_events, interests, personalisation, usage
from portal.services.choices.consent_events import Said
from portal.services.orders import order_claims
from tests.support import builders
from tests.support.builders import Line, MadeAccount
from tests.support.fixtures import Transaction

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROPE, SOCKS = Line("Köysi 12 mm", sku="K-12"), Line("Villasukat, harmaa")


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer who has bought rope twice and socks once."""
    with transaction(now=NOW) as context:
        made = builders.account(context, email="aino@example.com")
        buy(context, made.customer_id, 40, ROPE)
        buy(context, made.customer_id, 10, ROPE, SOCKS)
    return made


def buy(context: Context, customer_id: int, days_ago: int, *lines: Line, **details: Any) -> None:
    builders.order(context, customer_id, lines=lines, placed_at=NOW - timedelta(days=days_ago), **details)


def choose(context: Context, customer_id: int, action: Action) -> None:
    consent_events.append(context, customer_id, KINDS[PERSONALISATION], action, Said("fi", "Haluan", 1))


def facts(reading: Transaction, customer_id: int) -> list[tuple[Any, ...]]:
    with reading(now=NOW) as context:
        return [(row.kind, row.product, row.times) for row in personalisation.facts(context, customer_id)]


def tell(transaction: Transaction, account: MadeAccount, topics: Sequence[str], words: str = "") -> bool:
    with transaction(Actor("customer", account.id), now=NOW, source=Source.ACCOUNT) as context:
        version = interests.version_of(interests.read(context, account.customer_id))
        return interests.save(context, account.customer_id, version, topics, words)


def test_it_begins_with_the_consent_and_ends_with_it(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        assert personalisation.refresh(context, owner.customer_id) == 0
    assert facts(reading, owner.customer_id) == []
    for refusal in (Action.WITHDRAWN, Action.FORBIDDEN):
        with transaction(now=NOW) as context:
            choose(context, owner.customer_id, Action.GIVEN)
        assert facts(reading, owner.customer_id) == [("often", "Köysi 12 mm", 2)]
        with transaction(now=NOW) as context:
            choose(context, owner.customer_id, refusal)
        assert facts(reading, owner.customer_id) == []


def test_only_own_orders_that_stand_and_are_not_old_count(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        stranger = builders.customer(context)
        buy(context, stranger, 3, SOCKS)
        for status in ("pending", "failed", "cancelled", "refunded"):
            buy(context, owner.customer_id, 20, SOCKS, status=status)
        buy(context, owner.customer_id, 3 * 366, SOCKS)
        choose(context, owner.customer_id, Action.GIVEN)
    assert facts(reading, owner.customer_id) == [("often", "Köysi 12 mm", 2)]
    with transaction(now=NOW) as context:
        buy(context, owner.customer_id, 3 * 364, SOCKS)
        personalisation.refresh(context, owner.customer_id)
    assert ("often", "Villasukat, harmaa", 2) in facts(reading, owner.customer_id)


def test_the_job_renews_whose_orders_changed_and_nobody_else(
    app: Flask, owner: MadeAccount, transaction: Transaction, reading: Transaction, time_machine: Any
) -> None:
    with transaction(now=NOW) as context:
        without = builders.customer(context)
        buy(context, without, 4, ROPE)
        buy(context, without, 3, ROPE)
        choose(context, owner.customer_id, Action.GIVEN)
        ended = builders.account(context).customer_id
        buy(context, ended, 4, ROPE)
        choose(context, ended, Action.GIVEN)
        choose(context, ended, Action.WITHDRAWN)
    with reading(now=NOW) as context:
        assert personalisation.due(context) == []
    later = NOW + timedelta(minutes=5)
    with transaction(now=later) as context:
        buy(context, owner.customer_id, 1, SOCKS)
    with reading(now=later) as context:
        assert personalisation.due(context) == [owner.customer_id]
    time_machine.move_to(later + timedelta(minutes=5), tick=False)
    with app.app_context():
        derive.run()
    assert ("often", "Villasukat, harmaa", 2) in facts(reading, owner.customer_id)
    assert facts(reading, without) == []
    with reading(now=later) as context:
        assert personalisation.due(context) == []
    # Orders grow too old to count, so that in the end everybody is looked at again.
    with reading(now=later + timedelta(days=31)) as context:
        assert personalisation.due(context) == [owner.customer_id]


def test_whose_orders_say_nothing_is_not_looked_at_again(owner: MadeAccount, transaction: Transaction) -> None:
    with transaction(now=NOW) as context:
        new = builders.account(context, email="uusi@example.com").customer_id
        buy(context, new, 1, SOCKS)
        choose(context, new, Action.GIVEN)
        assert personalisation.due(context) == []
    hour = NOW + timedelta(hours=1)
    with transaction(now=hour) as context:
        assert personalisation.due(context) == []
        buy(context, new, 0, ROPE)
        assert personalisation.due(context) == [new]
        assert personalisation.refresh(context, new) == 0
        assert personalisation.due(context) == []
    with transaction(now=hour + timedelta(hours=1)) as context:
        choose(context, new, Action.WITHDRAWN)
        choose(context, new, Action.GIVEN)
        assert personalisation.due(context) == []
        assert personalisation.due(replace(context, now=context.now + timedelta(days=31))) == [new]


def test_a_changed_order_is_noticed_too(owner: MadeAccount, transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.GIVEN)
    with transaction(now=NOW + timedelta(hours=1)) as context:
        order = db.session.query(Order).filter_by(customer_id=owner.customer_id).first()
        assert order is not None
        order.status, order.imported_at = "cancelled", context.now
    with transaction(now=NOW + timedelta(hours=2)) as context:
        assert personalisation.due(context) == [owner.customer_id]
        personalisation.refresh(context, owner.customer_id)
    assert facts(reading, owner.customer_id) == []


def test_joined_orders_count_at_once(owner: MadeAccount, transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=NOW) as context:
        earlier = builders.customer(context, email="aino@example.com")
        buy(context, earlier, 100, SOCKS, external_id="10248")
        choose(context, owner.customer_id, Action.GIVEN)
    with transaction(Actor("customer", owner.id), now=NOW, source=Source.ACCOUNT) as context:
        order_claims.join(context, owner.customer_id, "10248")
    assert ("often", "Villasukat, harmaa", 2) in facts(reading, owner.customer_id)


def test_nothing_is_derived_for_whoever_has_no_account(transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=NOW) as context:
        customer = builders.customer(context)
        buy(context, customer, 4, ROPE)
        buy(context, customer, 3, ROPE)
        choose(context, customer, Action.GIVEN)
        assert personalisation.due(context) == []
    assert facts(reading, customer) == []
    with transaction(now=NOW) as context:
        builders.account(context, customer)
        # The consent by phone was there first: the job finds who has an account now.
        assert personalisation.due(context) == [customer]


def test_closing_the_account_takes_away_what_served_its_pages(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    tell(transaction, owner, ["boating"])
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.GIVEN)
        builders.page_view(context, owner.customer_id)
        account_closing.begin(context, owner.id)
    assert facts(reading, owner.customer_id)
    with transaction(now=NOW + timedelta(days=15)) as context:
        assert account_closing.close_due(context) == 1
    with reading() as context:
        assert interests.read(context, owner.customer_id) == []
        assert usage.count(context, owner.customer_id) == 0
    assert facts(reading, owner.customer_id) == []


@pytest.mark.postgres
def test_a_withdrawal_waits_for_a_renewal_and_then_takes_everything(
    app: Flask, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.GIVEN)

    def withdraw() -> None:
        with transaction(now=NOW) as context:
            consent_events.lock(owner.customer_id)
            choose(context, owner.customer_id, Action.WITHDRAWN)

    other = Thread(target=withdraw)
    with transaction(now=NOW) as context:
        assert personalisation.refresh(context, owner.customer_id) == 1
        other.start()
    other.join()
    assert facts(reading, owner.customer_id) == []


def test_the_overview_suggests_products_only(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        for days in range(60, 600, 60):
            buy(context, owner.customer_id, days, Line(f"Tuote {days}", sku=None))
        choose(context, owner.customer_id, Action.GIVEN)
    tell(transaction, owner, [], "Tuote")
    assert {"interval"} < {kind for kind, *_ in facts(reading, owner.customer_id)}
    with reading(now=NOW) as context:
        suggested = overview.read(context, owner.customer_id).suggestions
    assert [row.product for row in suggested] == ["Tuote 60", "Tuote 120", "Tuote 180"]
    assert {row.interest for row in suggested} == {"Tuote"}


def test_interests_keep_their_source_and_time_until_they_are_taken_away(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    assert tell(transaction, owner, ["boating"], "Sukat")
    assert not tell(transaction, owner, ["boating"], "Sukat")
    with transaction(Actor("customer", owner.id), now=NOW + timedelta(days=1), source=Source.ACCOUNT) as context:
        version = interests.version_of(interests.read(context, owner.customer_id))
        assert interests.save(context, owner.customer_id, version, ["boating", "food"], "")
    with reading() as context:
        told = [tuple(row)[1:] for row in interests.read(context, owner.customer_id)]
        events = db.session.query(AuditEvent).filter_by(action="interests.changed").order_by(AuditEvent.seq)
        assert [event.details for event in events] == [{"added": 2, "removed": 0}, {"added": 1, "removed": 1}]
    assert told == [
        ("boating", None, "account", NOW),
        ("food", None, "account", NOW + timedelta(days=1)),
    ]


def test_interests_are_used_at_once_and_only_under_the_consent(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    tell(transaction, owner, ["clothing"])
    assert facts(reading, owner.customer_id) == []
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.GIVEN)
    assert facts(reading, owner.customer_id) == [("interest", "Villasukat, harmaa", 1), ("often", "Köysi 12 mm", 2)]
    tell(transaction, owner, [])
    assert facts(reading, owner.customer_id) == [("often", "Köysi 12 mm", 2)]


def test_a_page_that_another_one_overtook_changes_nothing(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    tell(transaction, owner, ["boating"])
    with transaction(now=NOW) as context, pytest.raises(Stale) as stale:
        interests.save(context, owner.customer_id, interests.version_of([]), ["food"], "")
    with transaction(now=NOW) as context, pytest.raises(RuleBroken):
        interests.save(context, owner.customer_id, stale.value.version, ["politics"], "")
    with reading() as context:
        assert [row.topic for row in interests.read(context, owner.customer_id)] == ["boating"]
