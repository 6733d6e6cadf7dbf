"""The demo: seeded once, convincing, able to log in, and never over somebody's data."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from portal.cli.demo.changes import CHANGES
from portal.cli.demo.orders import DAYS, all_orders
from portal.cli.demo.people import PEOPLE
from portal.cli.demo.products import PRODUCTS, VatClass, vat_rate
from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.consent import ConsentEvent
from portal.models.customer import Customer, Provenance
from portal.models.database import connection
from portal.models.message import Message
from portal.models.order import Order, OrderCharge, OrderLine
from portal.models.staff import Staff
from portal.rules.business_id import check_business_id
from portal.rules.consents import Action
from portal.rules.email_identity import check_email
from portal.rules.names import check_person_name
from portal.rules.order_status import STATUSES
from portal.rules.phone import check_phone
from portal.rules.postal import check_postal
from portal.rules.register import Retention
from portal.rules.retention import kept_since
from portal.rules.staff_roles import Role
from portal.services.accounts.password_hashes import verify_password
from portal.services.auditing import audit_verify
from portal.services.data_copy import data_copies
from portal.services.foundation.keys import decrypt
from portal.services.register import activity
from tests.support import builders
from tests.support.fixtures import Transaction

NOW = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)
ORDERS = all_orders(PEOPLE, NOW)


def run(app: Flask, *more: str) -> str:
    result = app.test_cli_runner().invoke(args=["demo", "--no-serve", *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_one_json_object_and_nothing_else(app: Flask, settings: Settings, database: object) -> None:
    told = json.loads(run(app, "--json", "--port", "5123"))
    # The address that was named stands: links in mail are made of it.
    assert told["base_url"] == app.config["PORTAL_BASE_URL"] == settings.base_url
    assert set(told) == {"base_url", "customer", "staff", "customer_care", "privacy"}
    assert set(told["customer"]) == {"email", "password"}
    staff = [told[role] for role in ("staff", "customer_care", "privacy")]
    assert [set(one) for one in staff] == [{"email", "password", "totp_secret"}] * 3


def test_a_second_run_changes_nothing_and_says_the_same(app: Flask, reading: Transaction) -> None:
    first = run(app, "--json")
    before = content(reading)
    assert run(app, "--json") == first
    assert content(reading) == before


def content(reading: Transaction) -> list[object]:
    with reading():
        return [
            list(connection().execute(select(table.__table__)).all()) for table in (Customer, Order, Staff, Account)
        ]


def test_what_is_told_logs_in(app: Flask, reading: Transaction) -> None:
    told = json.loads(run(app, "--json"))
    with reading():
        stored = connection().execute(select(Account.password_hash).where(Account.email == told["customer"]["email"]))
        assert verify_password(told["customer"]["password"], stored.scalar_one())
        staff = connection().execute(
            select(Staff.password_hash, Staff.totp_seed, Staff.role).where(Staff.email == told["staff"]["email"])
        )
        password_hash, seed, role = staff.one()
        assert verify_password(told["staff"]["password"], password_hash)
    with app.app_context():
        assert decrypt(seed or "") == told["staff"]["totp_secret"]
    assert role == Role.ADMINISTRATOR
    with reading():
        roles = {row.email: row.role for row in connection().execute(select(Staff.email, Staff.role))}
    assert roles[told["customer_care"]["email"]] == Role.CUSTOMER_CARE
    assert roles[told["privacy"]["email"]] == Role.PRIVACY
    assert pyotp.TOTP(told["staff"]["totp_secret"]).at(NOW)


def test_the_text_names_both_employees_and_their_codes(app: Flask, database: object) -> None:
    told = run(app)
    assert told.count("otpauth://totp/") == 3
    assert "aino.laitinen@example.com" in told
    assert "/admin/login" in told


def test_it_fills_no_database_that_has_customers(app: Flask, transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        builders.customer(context)
    result = app.test_cli_runner().invoke(args=["demo", "--no-serve"])
    assert result.exit_code == 1
    assert "The database has customers already" in result.output
    with reading():
        assert connection().execute(select(func.count()).select_from(Customer)).scalar() == 1
        assert connection().execute(select(func.count()).select_from(Staff)).scalar() == 0


def test_it_never_runs_in_production(app: Flask, database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PORTAL_ENV", "production")
    result = app.test_cli_runner().invoke(args=["demo", "--no-serve"])
    assert (result.exit_code, "never runs in production" in result.output) == (1, True)


def test_what_is_written_is_a_whole_register(app: Flask, reading: Transaction) -> None:
    run(app)
    with reading() as context:
        execute = connection().execute
        assert execute(select(func.count()).select_from(Customer)).scalar() == len(PEOPLE)
        assert execute(select(func.count()).select_from(Order)).scalar_one() > 250
        assert audit_verify.verify(context).ok
        assert {row.role for row in execute(select(Staff.role))} == {
            Role.ADMINISTRATOR,
            Role.CUSTOMER_CARE,
            Role.PRIVACY,
            Role.COMMUNICATIONS,
            Role.ORDERS,
        }
        changes = execute(select(func.count()).select_from(Provenance)).scalar()
        assert changes == sum(len(before) for _, _, _, before in CHANGES)
        changed = execute(select(Customer.street, Customer.phone).where(Customer.email == PEOPLE[0].email)).one()
        assert tuple(changed) == (PEOPLE[0].street, PEOPLE[0].phone)
        lines = select(func.sum(OrderLine.gross)).where(OrderLine.order_id == Order.id).scalar_subquery()
        charges = select(func.coalesce(func.sum(OrderCharge.gross), 0)).where(OrderCharge.order_id == Order.id)
        wrong = select(Order.number).where(lines + charges.scalar_subquery() != Order.gross)
        assert execute(wrong).all() == []


def test_every_value_of_a_person_is_one_that_the_portal_accepts() -> None:
    for person in PEOPLE:
        check_person_name(person.first_name, "first_name")
        check_person_name(person.last_name, "last_name")
        assert check_phone(person.phone) == person.phone
        assert person.phone.startswith("+35848")
        assert check_postal(person.postal_code, person.city, person.country) == (person.postal_code, person.city)
        if person.business_id:
            assert check_business_id(person.business_id) == person.business_id
        if person.email:
            assert check_email(person.email).display == person.email
            assert person.email.endswith(("@example.com", ".example"))


def test_the_people_are_of_every_kind() -> None:
    assert 38 <= len(PEOPLE) <= 45
    assert Counter(person.language for person in PEOPLE).keys() == {"fi", "sv", "en"}
    assert sum(person.company is not None for person in PEOPLE) >= 5
    assert sum(bool(person.email) and not person.account for person in PEOPLE) >= 5
    assert sum(person.email is None for person in PEOPLE) >= 1
    letters = set("".join(person.first_name + person.last_name for person in PEOPLE))
    assert set("äöåÅÁáŋŧČžđšÄ") & letters >= set("äöåÅÁáŋČž")
    emails = [person.email for person in PEOPLE if person.email]
    assert len(set(emails)) == len(emails)


def test_orders_fill_three_years_up_to_now_in_every_status() -> None:
    placed = [order.placed_at for _, order in ORDERS]
    assert placed == sorted(placed)
    assert NOW - timedelta(days=DAYS) <= placed[0] < NOW - timedelta(days=DAYS - 60)
    assert NOW - timedelta(days=1) < placed[-1] <= NOW
    assert {order.status for _, order in ORDERS} == set(STATUSES)
    for _, order in ORDERS:
        assert order.events[0][1] == order.placed_at
        assert order.events[-1][0] == order.status
        moments = [moment for _, moment in order.events]
        assert moments == sorted(moments)
        assert moments[-1] <= NOW


def test_the_demos_own_customer_has_pages_of_orders_and_shows_every_status() -> None:
    own = [order for _, order in ORDERS if order.person is PEOPLE[0]]
    assert len(own) > 25
    assert {order.status for order in own} == set(STATUSES)


def test_orders_have_every_kind_of_part() -> None:
    charges = [charge for _, order in ORDERS for charge in order.charges]
    assert {charge.kind for charge in charges} == {"shipping", "fee", "discount"}
    assert all(charge.gross < 0 for charge in charges if charge.kind == "discount")
    assert any(order.note for _, order in ORDERS)
    assert any(order.delivery for _, order in ORDERS)
    rates = {line.vat_rate for _, order in ORDERS for line in order.lines}
    assert rates == {2400, 2550, 1000, 1400, 1350}
    assert any(line.quantity % 1000 for _, order in ORDERS for line in order.lines)


@pytest.mark.parametrize(
    ("vat", "day", "rate"),
    [
        (VatClass.GENERAL, "2024-08-31", 2400),
        (VatClass.GENERAL, "2024-09-01", 2550),
        (VatClass.BOOK, "2024-12-31", 1000),
        (VatClass.BOOK, "2025-01-01", 1400),
        (VatClass.BOOK, "2026-01-01", 1350),
        (VatClass.FOOD, "2025-12-31", 1400),
        (VatClass.FOOD, "2026-01-01", 1350),
        (VatClass.MAGAZINE, "2026-06-01", 1000),
    ],
)
def test_vat_follows_the_day(vat: VatClass, day: str, rate: int) -> None:
    assert vat_rate(vat, datetime.fromisoformat(day).date()) == rate


def test_the_same_day_yields_the_same_orders() -> None:
    assert [(number, order.lines) for number, order in all_orders(PEOPLE, NOW)] == [
        (number, order.lines) for number, order in ORDERS
    ]
    assert len({product.sku for product in PRODUCTS}) == len(PRODUCTS)


def test_log_ins_differ_from_one_installation_to_the_next(app: Flask, database: object) -> None:
    first = json.loads(run(app, "--json"))
    keys = app.extensions["portal.keys"]
    try:
        app.extensions["portal.keys"] = replace(keys, lookup=bytes(32))
        second = json.loads(run(app, "--json"))
    finally:
        app.extensions["portal.keys"] = keys
    assert first["customer"]["email"] == second["customer"]["email"]
    assert first["customer"]["password"] != second["customer"]["password"]
    assert first["staff"]["totp_secret"] != second["staff"]["totp_secret"]
    assert not list(Path(app.config["PORTAL_DATA_DIR"]).glob("*demo*"))


def test_customers_have_consented_and_forbidden_over_the_years(app: Flask, reading: Transaction) -> None:
    run(app)
    with reading():
        statement = select(ConsentEvent.action, ConsentEvent.source, ConsentEvent.recorded_at).order_by(ConsentEvent.id)
        found = connection().execute(statement).all()
    assert {row.action for row in found} == {action.value for action in Action}
    assert {row.source for row in found} == {"account", "phone", "email", "in_store", "letter"}
    moments = [row.recorded_at for row in found]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] > timedelta(days=2 * 365)


def own_customer() -> int:
    statement = select(Customer.id).where(Customer.email == PEOPLE[0].email)
    return connection().execute(statement).scalar_one()


def test_the_log_tells_who_did_what_at_its_time(app: Flask, reading: Transaction) -> None:
    run(app)
    with reading() as context:
        told = select(AuditEvent.action, AuditEvent.actor_kind, AuditEvent.occurred_at).order_by(AuditEvent.seq)
        events = connection().execute(told.where(AuditEvent.customer_id == own_customer())).all()
        consents = select(ConsentEvent.recorded_at).where(ConsentEvent.customer_id == own_customer())
        chosen = sorted(connection().execute(consents).scalars())
        moments = list(connection().execute(select(AuditEvent.occurred_at).order_by(AuditEvent.seq)).scalars())
        page = activity.read(context, own_customer())
        assert audit_verify.verify(context).ok
    assert moments == sorted(moments)
    logged = [event.occurred_at for event in events if event.action == "consent.recorded"]
    assert logged == [moment for moment in chosen if moment >= moments[0]]
    assert f"{moments[0]:%Y-%m}" >= f"{kept_since(Retention.AUDIT_LOG, context.now):%Y-%m}"
    by_whom = {(event.action, event.actor_kind) for event in events}
    assert {kind for action, kind in by_whom if action == "consent.recorded"} <= {"customer", "staff"}
    assert {(name, "customer") for name in ("interests.changed", "access_request.received")} <= by_whom
    assert {event.who for event in page.events if event.action != "copy.made"} <= {"customer", "staff"}


def test_past_mail_went_out_in_its_time(app: Flask, reading: Transaction) -> None:
    run(app)
    with reading():
        own = select(Message.kind, Message.status, Message.created_at, Message.sent_at, Message.body).where(
            Message.customer_id == own_customer(), Message.kind != "copy_ready"
        )
        messages = connection().execute(own).all()
    assert "access_request_received" in {message.kind for message in messages}
    assert {message.status for message in messages} == {"sent"}
    assert all(message.sent_at == message.created_at for message in messages)
    assert all(message.body for message in messages if message.kind == "access_request_received")


def test_the_copy_that_is_there_is_a_real_one(app: Flask, reading: Transaction) -> None:
    run(app)
    with reading() as context:
        newest, last_year = data_copies.of_customer(context, own_customer())
        made = list(connection().execute(select(AuditEvent.occurred_at).filter_by(action="copy.made")).scalars())
    assert (newest.state, last_year.state, last_year.size) == ("ready", "expired", None)
    assert newest.size is not None
    assert newest.size > 10_000
    assert {newest.ready_at} <= set(made) <= {last_year.ready_at, newest.ready_at}
