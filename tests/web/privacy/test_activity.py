"""Who looked and what happened, as the customer reads it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import insert

from portal.models.base import db
from portal.models.customer import Customer
from portal.models.staff import CustomerOpening
from portal.rules.context import Actor
from portal.rules.register import Source
from portal.services.auditing import audit
from portal.services.orders import staff_orders
from portal.services.register import customer_openings, provenance
from tests.support import builders
from tests.support.builders import MadeAccount, MadeStaff
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction
from tests.support.queries import statements

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def rows(page: PageResponse) -> list[list[str]]:
    """The cells of each row: event, time, by whom, purpose."""
    return [[" ".join(cell.stripped_strings) for cell in row.select("th, td")] for row in page.select("tbody tr")]


@pytest.fixture
def employee(transaction: Transaction) -> MadeStaff:
    with transaction(now=NOON) as context:
        return builders.staff(context, name="Joonas Peltola", email="joonas@example.com")


def test_a_view_tells_time_and_purpose_and_never_the_name(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction
) -> None:
    with transaction(Actor("staff", employee.id), now=NOON) as context:
        customer_uuid = db.session.get_one(Customer, owner.customer_id).uuid
        customer_openings.open_customer(context, customer_uuid, "customer_contact")
    page = shopper.get("/privacy/activity")
    assert page.h1 == "Views and events"
    seen = [row for row in rows(page) if row[0] == "Details opened"]
    assert seen == [["Details opened", "2 March 2026, 14:00", "Our employee", "Answering the customer's question"]]
    text = page.get_data(as_text=True)
    assert "Joonas" not in text and "joonas@example.com" not in text
    assert "2 March 2026" in shopper.get("/privacy").texts(".ways p")[0]


def test_log_ins_changes_and_failures_tell_who(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction
) -> None:
    with transaction(Actor("staff", employee.id), now=NOON, source=Source.PHONE) as context:
        values = {"street": "Torikatu 1", "postal_code": "90100"}
        provenance.set_fields(context, provenance.lock(owner.customer_id), values)
    with transaction(Actor("anonymous"), now=NOON - timedelta(days=1)) as context:
        audit.record(context, "account.login_failed", customer_id=owner.customer_id, reason="password")
        audit.record(context, "account.password_reset", customer_id=owner.customer_id)
        audit.record(context, "account.login", customer_id=owner.customer_id, new_device=True)
    found = {row[0]: row[2] for row in rows(shopper.get("/privacy/activity"))}
    assert found["Details changed Street address; postal code · You, by phone"] == "Our employee"
    assert found["Log-in failed Reason: wrong password"] == "A browser that was not logged in"
    assert found["New password chosen with a mailed link"] == "You"
    assert found["Logged in from a browser or network that was not known"] == "You"


def test_a_viewed_order_is_named_and_somebody_elses_is_not(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction
) -> None:
    with transaction(now=NOON) as context:
        own = builders.order(context, owner.customer_id, external_id="7")
        other = builders.order(context, builders.customer(context), external_id="8")
    with transaction(Actor("staff", employee.id), now=NOON) as context:
        staff_orders.note_view(context, owner.customer_id, own.id)
        staff_orders.note_view(context, owner.customer_id, other.id)
    page = shopper.get("/privacy/activity")
    assert sorted(row[0] for row in rows(page) if row[0].startswith("Order opened")) == [
        "Order opened by an employee",
        "Order opened by an employee Order VK-7",
    ]


def test_nothing_of_anybody_else(shopper: InvariantClient, employee: MadeStaff, transaction: Transaction) -> None:
    with transaction(Actor("staff", employee.id), now=NOON) as context:
        stranger = builders.customer(context)
        customer_openings.open_customer(context, db.session.get_one(Customer, stranger).uuid, "order")
        provenance.set_fields(context, provenance.lock(stranger), {"street": "Torikatu 1"})
    assert [row[2] for row in rows(shopper.get("/privacy/activity"))] == ["You"]


def test_the_pages_hold_every_event_once_though_many_share_a_moment(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction, app: Flask
) -> None:
    purposes = ["order", "invoicing", "correction", "data_request", "customer_contact"]
    with transaction(now=NOON):
        views = [
            {
                "customer_id": owner.customer_id,
                "staff_id": employee.id,
                "purpose": purposes[n % 5],
                # Forty share one moment, which a page ends in the middle of.
                "opened_at": NOON if n < 40 else NOON - timedelta(minutes=n),
                "expires_at": NOON,
            }
            for n in range(75)
        ]
        db.session.execute(insert(CustomerOpening), views)
    found: list[list[str]] = []
    path = "/privacy/activity"
    pages = 0
    while path:
        with statements(app) as sent:
            page = shopper.get(path)
        assert len(sent) == 2, sent
        assert len(rows(page)) <= 30
        assert bool(page.select('main a[rel="prev"]')) == bool(pages)
        found, pages = found + rows(page), pages + 1
        older = page.select('main a[rel="next"]')
        path = str(older[0]["href"]) if older else ""
    opened = [row for row in found if row[0] == "Details opened"]
    assert (len(opened), pages) == (75, 3)
    assert sum(row[1] == "2 March 2026, 14:00" for row in opened) == 40
    assert {row[3] for row in opened[:40]} == {row[3] for row in opened[40:]}


def test_a_cursor_of_another_list_is_refused(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction(now=NOON) as context:
        for n in range(25):
            builders.order(context, owner.customer_id, external_id=str(n), placed_at=NOON - timedelta(days=n))
    (older,) = shopper.get("/privacy/purchase/orders").select('main a[rel="next"]')
    query = urlsplit(str(older["href"])).query
    assert shopper.get(f"/privacy/activity?{query}").status_code == 400
    assert shopper.get(f"/privacy/purchase/order-line?{query}").status_code == 400
    assert shopper.get("/privacy/activity?after=x").status_code == 400
    assert shopper.get("/privacy/purchase/orders?after=x").status_code == 400


@pytest.mark.parametrize(
    ("action", "details", "told"),
    [
        (
            "consent.recorded",
            {"kind": "usage", "choice": "given", "source": "account"},
            "Consent given: Usage statistics of this service · You, in your account",
        ),
        ("account.recovery_code_used", {"left": 9}, "Left: 9"),
        ("interests.changed", {"added": 2, "removed": 1}, "Number added: 2 · Number removed: 1"),
        ("message.resent", {"message": 77, "kind": "password_changed"}, "Subject matter: "),
    ],
)
def test_an_event_tells_what_was_done(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction, action: str, details: Any, told: str
) -> None:
    with transaction(Actor("customer", owner.id), now=NOON) as context:
        audit.record(context, action, customer_id=owner.customer_id, **details)
    page = shopper.get("/privacy/activity")
    assert told in " ".join(row[0] for row in rows(page))
    assert "77" not in page.texts("tbody")[0]
