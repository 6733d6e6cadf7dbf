"""Where each value came from: the value before, source, actor and time; no update is lost (SECURITY R11)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer, Provenance
from portal.rules.context import Actor, Context
from portal.rules.errors import Stale
from portal.rules.register import Source
from portal.services.register import provenance
from portal.services.unit_of_work import unit_of_work
from tests.support import builders
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def customer_id(transaction: Transaction) -> int:
    with transaction(now=NOON) as context:
        return builders.customer(context, phone="+358401111111", city="HELSINKI")


def test_a_change_keeps_the_value_before_its_source_actor_and_time(transaction: Transaction, customer_id: int) -> None:
    actor, later = Actor("staff", 5), NOON + timedelta(hours=1)
    with transaction(actor, now=later, source=Source.CONTROLLER) as context:
        row = provenance.lock(customer_id)
        assert provenance.set_fields(context, row, {"phone": "+358402222222"}) == ["phone"]
    with transaction():
        kept = db.session.scalars(select(Provenance)).one()
        assert (kept.field, kept.old_value, kept.source) == ("phone", "+358401111111", "controller")
        assert (kept.actor_kind, kept.actor_id, kept.changed_at) == ("staff", 5, later)
        customer = db.session.get_one(Customer, customer_id)
        assert (customer.phone, customer.version) == ("+358402222222", 2)


def test_only_what_really_changed_is_recorded(transaction: Transaction, customer_id: int) -> None:
    with transaction() as context:
        row = provenance.lock(customer_id)
        values = {"phone": "+358401111111", "city": "HELSINKI"}
        assert provenance.set_fields(context, row, values) == []
    with transaction():
        assert db.session.scalars(select(Provenance)).all() == []
        assert db.session.get_one(Customer, customer_id).version == 1
        assert db.session.scalars(select(AuditEvent)).all() == []


@pytest.mark.security(64)
def test_the_audit_names_the_fields_and_never_the_values(transaction: Transaction, customer_id: int) -> None:
    with transaction() as context:
        row = provenance.lock(customer_id)
        provenance.set_fields(context, row, {"phone": "+358402222222", "city": "ESPOO"})
    with transaction():
        event = db.session.scalars(select(AuditEvent)).one()
        assert (event.action, event.customer_id) == ("customer.changed", customer_id)
        assert event.details == {"fields": ["city", "phone"], "source": "controller"}


def test_the_latest_change_of_each_field_is_told(transaction: Transaction, customer_id: int) -> None:
    for hours, phone in ((1, "+358402222222"), (2, "+358403333333")):
        with transaction(Actor("customer", 9), now=NOON + timedelta(hours=hours), source=Source.ACCOUNT) as context:
            provenance.set_fields(context, provenance.lock(customer_id), {"phone": phone})
    with transaction() as context:
        latest = provenance.latest(context, customer_id)
        assert set(latest) == {"phone"}
        assert latest["phone"].changed_at == NOON + timedelta(hours=2)
        assert latest["phone"].source == "account"
        assert provenance.latest(context, customer_id + 1) == {}


@pytest.mark.parametrize("field", ["id", "uuid", "version", "created_at", "merged_into_id", "unheard_of"])
def test_a_field_that_is_not_tracked_is_refused(transaction: Transaction, customer_id: int, field: str) -> None:
    with pytest.raises(ValueError, match="not tracked"), transaction() as context:
        provenance.set_fields(context, provenance.lock(customer_id), {field: "1"})


def test_a_stale_form_changes_nothing_and_learns_the_version_of_now(transaction: Transaction, customer_id: int) -> None:
    with transaction() as context:
        provenance.set_fields(context, provenance.lock(customer_id), {"city": "ESPOO"}, version=1)
    with pytest.raises(Stale) as refused, transaction() as context:
        provenance.set_fields(context, provenance.lock(customer_id), {"city": "TURKU"}, version=1)
    assert refused.value.version == 2
    with transaction():
        assert db.session.get_one(Customer, customer_id).city == "ESPOO"


@pytest.mark.security("R11")
def test_reading_and_writing_at_once_loses_nothing(app: Flask, transaction: Transaction, customer_id: int) -> None:
    start = threading.Barrier(4)

    def append(_: int) -> None:
        start.wait(10)
        context = Context(Actor("command"), NOON, Source.CONTROLLER, "test")
        for _again in range(5):
            with app.app_context(), unit_of_work(context):
                row = provenance.lock(customer_id)
                provenance.set_fields(context, row, {"street": f"{row.street}x"})

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(append, range(4)))
    with transaction():
        customer = db.session.get_one(Customer, customer_id)
        assert customer.street == "Kuubankatu 2" + "x" * 20
        assert customer.version == 21
        before = db.session.scalars(select(Provenance.old_value).order_by(Provenance.id)).all()
        assert before == ["Kuubankatu 2" + "x" * number for number in range(20)]


@pytest.mark.security("R11")
def test_of_two_stale_forms_at_once_one_wins(app: Flask, transaction: Transaction, customer_id: int) -> None:
    def change(city: str) -> str:
        context = Context(Actor("command"), NOON, Source.CONTROLLER, "test")
        try:
            with app.app_context(), unit_of_work(context):
                provenance.set_fields(context, provenance.lock(customer_id), {"city": city}, version=1)
        except Stale:
            return "stale"
        return city

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(change, [f"KAUPUNKI {number}" for number in range(8)]))
    assert results.count("stale") == 7
    with transaction():
        assert db.session.get_one(Customer, customer_id).city in results
