"""Usage statistics: stored only under the consent, gone with it, and never in anybody's way."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.usage import PageView
from portal.rules.consents import KINDS, USAGE, Action
from portal.rules.context import Actor, Context, Visitor
from portal.rules.errors import Busy, NotFound
from portal.rules.register import Source
from portal.services import housekeeping, unit_of_work
from portal.services.accounts import sessions
from portal.services.choices import consent_events, consents, usage
from portal.services.choices.consent_events import Said
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
VISITOR = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction(now=NOW) as context:
        return builders.account(context, email="aino@example.com")


def choose(context: Context, customer_id: int, action: Action) -> None:
    consent_events.append(context, customer_id, KINDS[USAGE], action, Said("fi", "Sallin", 1))


def views(reading: Transaction) -> list[Any]:
    with reading():
        columns = (PageView.customer_id, PageView.page, PageView.viewed_at)
        return [tuple(row) for row in connection().execute(select(*columns).order_by(PageView.id))]


def note(app: Flask, customer_id: int, page: str = "orders.history") -> bool:
    context = Context(Actor("customer", 1), NOW, Source.ACCOUNT, "test")
    with app.app_context(), unit_of_work.hurried_unit_of_work(context):
        return usage.note(context, customer_id, page)


def test_nothing_is_stored_before_the_consent_nor_after_its_end(
    app: Flask, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    assert not note(app, owner.customer_id)
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.GIVEN)
    assert note(app, owner.customer_id)
    assert views(reading) == [(owner.customer_id, "orders.history", NOW)]
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.WITHDRAWN)
    assert views(reading) == []
    assert not note(app, owner.customer_id)
    assert views(reading) == []


@pytest.mark.parametrize("refusal", [Action.WITHDRAWN, Action.FORBIDDEN])
def test_the_end_of_the_consent_deletes_what_was_collected_of_this_customer_alone(
    refusal: Action, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        neighbour = builders.customer(context)
        joined = builders.customer(context)
        db.session.get_one(Customer, joined).merged_into_id = owner.customer_id
        for whom in (owner.customer_id, joined, neighbour):
            builders.page_view(context, whom)
        choose(context, owner.customer_id, Action.GIVEN)
    assert len(views(reading)) == 3
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, refusal)
    assert [row[0] for row in views(reading)] == [neighbour]
    with reading():
        (event,) = db.session.query(AuditEvent).filter_by(action="usage.deleted").all()
        assert (event.customer_id, event.details) == (owner.customer_id, {"count": 2})


def test_the_consent_of_a_joined_record_is_the_owner_s(
    app: Flask, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction(now=NOW) as context:
        joined = builders.customer(context)
        db.session.get_one(Customer, joined).merged_into_id = owner.customer_id
        choose(context, joined, Action.GIVEN)
    assert not note(app, joined)
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.GIVEN)
    assert note(app, joined)


def test_a_session_knows_of_the_consent(owner: MadeAccount, transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=NOW) as context:
        token = sessions.start_customer(context, owner.id, VISITOR)
    known = []
    for action in (None, Action.GIVEN, Action.WITHDRAWN, Action.GIVEN, Action.FORBIDDEN, Action.ALLOWED):
        if action is not None:
            with transaction(now=NOW) as context:
                choose(context, owner.customer_id, action)
        with reading():
            found = sessions.customer_principal(token, NOW)
        assert found is not None
        known.append(found.usage_consented)
    assert known == [False, True, False, True, False, False]


@pytest.mark.sqlite
def test_a_note_does_not_wait_for_the_write_lock_and_leaves_others_patient(
    app: Flask, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.GIVEN)
    with app.app_context():
        holder = db.engine.raw_connection()
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Busy):
            note(app, owner.customer_id)
    finally:
        holder.rollback()
        holder.close()
    assert views(reading) == []
    assert note(app, owner.customer_id)
    with app.app_context(), db.engine.connect() as opened:
        assert opened.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 15_000


@pytest.mark.postgres
def test_a_note_does_not_wait_for_a_withdrawal(
    app: Flask, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.GIVEN)
    told: list[bool] = []
    with transaction(now=NOW) as context:
        consent_events.lock(owner.customer_id)
        choose(context, owner.customer_id, Action.WITHDRAWN)
        other = Thread(target=lambda: told.append(note(app, owner.customer_id)))
        other.start()
        # It would wait for as long as this transaction is open.
        other.join(10)
        assert told == [False]
    assert views(reading) == []


def test_a_purge_follows_the_declared_retention(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        for days in (80, 89, 95):
            builders.page_view(context, owner.customer_id, viewed_at=NOW - timedelta(days=days))
    with transaction(now=NOW) as context:
        assert housekeeping.purge_page_views(context) == 1
    assert [(NOW - row[2]).days for row in views(reading)] == [80, 89]


def test_pages_of_the_list_follow_each_other_without_a_gap(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        stranger = builders.customer(context)
        builders.page_view(context, stranger)
        made = [
            # Three of each moment: a page ends in the middle of one.
            builders.page_view(context, owner.customer_id, viewed_at=NOW - timedelta(minutes=number // 3))
            for number in range(usage.PAGE_SIZE + 5)
        ]
    with reading() as context:
        first = usage.read(context, owner.customer_id)
        rest = usage.read(context, owner.customer_id, first.older)
        for cursor in ("x", first.older):
            with pytest.raises(ValueError, match="cursor"):
                usage.read(context, stranger, cursor)
    shown = [view.id for view in (*first.rows, *rest.rows)]
    assert sorted(shown) == made
    assert len(first.rows) == usage.PAGE_SIZE
    assert rest.older is None


def test_one_a_day_or_everything_is_deleted_and_only_one_s_own(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    # Half past midnight in Helsinki.
    night = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    with transaction(now=NOW) as context:
        stranger = builders.customer(context)
        theirs = builders.page_view(context, stranger)
        one = builders.page_view(context, owner.customer_id)
        builders.page_view(context, owner.customer_id, viewed_at=night)
        builders.page_view(context, owner.customer_id, viewed_at=night - timedelta(hours=1))
        builders.page_view(context, owner.customer_id, viewed_at=night - timedelta(days=5))
    with transaction(now=NOW) as context:
        assert usage.count(context, owner.customer_id, date(2026, 3, 2)) == 2
        assert usage.delete_one(context, owner.customer_id, one) == 1
        assert usage.delete_day(context, owner.customer_id, date(2026, 3, 2)) == 1
        for view in (one, theirs):
            with pytest.raises(NotFound):
                usage.delete_one(context, owner.customer_id, view)
        with pytest.raises(NotFound):
            usage.delete_day(context, owner.customer_id, date(2026, 3, 2))
        assert usage.count(context, owner.customer_id) == 2
        assert usage.delete_all(context, owner.customer_id) == 2
        assert usage.delete_all(context, owner.customer_id) == 0
    assert [row[0] for row in views(reading)] == [stranger]


def test_what_is_not_consented_to_reaches_no_gate_of_marketing(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=NOW) as context:
        choose(context, owner.customer_id, Action.GIVEN)
    with reading() as context:
        switches = consents.read(context, owner.customer_id, "fi").switches
    assert [item.kind.code for item in switches if item.on] == [USAGE]
