"""Who looked and what happened, as the customer reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import insert, update

from portal.models.base import db
from portal.models.customer import Customer
from portal.models.staff import CustomerOpening, Staff
from portal.rules.context import Actor
from portal.rules.register import Source
from portal.services.auditing import audit, audit_verify
from portal.services.auditing.audit import Pending
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
    told = [
        "Details opened",
        "2 March 2026, 14:00",
        "Our employee Customer service",
        "Answering the customer's question",
    ]
    assert seen == [told]
    text = page.get_data(as_text=True)
    assert "Joonas" not in text and "joonas@example.com" not in text
    assert "2 March 2026" in shopper.get("/privacy").texts(".ways p")[0]


@pytest.mark.security(64)
def test_a_look_keeps_the_role_it_was_made_in(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction
) -> None:
    with transaction(Actor("staff", employee.id), now=NOON) as context:
        uuid = db.session.get_one(Customer, owner.customer_id).uuid
        customer_openings.open_customer(context, uuid, "order")
        customer_openings.note_look(context, owner.customer_id, "staff.customer_viewed", page="customer")
    with transaction(now=NOON + timedelta(hours=1)):
        db.session.get_one(Staff, employee.id).role = "privacy"
    with transaction(Actor("staff", employee.id), now=NOON + timedelta(hours=2)) as context:
        customer_openings.open_customer(context, uuid, "order")
        customer_openings.note_look(context, owner.customer_id, "staff.customer_viewed", page="customer")
    seen = [row[2] for row in rows(shopper.get("/privacy/activity")) if row[0].startswith("Details opened")]
    assert seen == ["Our employee Data protection", "Our employee Customer service"]
    log = shopper.get("/privacy/security_log/customer-opening").texts("main")[0]
    assert "Customer service" in log and "Data protection" in log


@pytest.mark.security(64)
def test_looks_of_before_roles_were_kept_have_none_and_the_log_holds(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction
) -> None:
    details = {"page": "customer", "purpose": "order"}
    with transaction(Actor("staff", employee.id), now=NOON) as context:
        uuid = db.session.get_one(Customer, owner.customer_id).uuid
        customer_openings.open_customer(context, uuid, "order")
        db.session.execute(update(CustomerOpening).values(role=None))
        earlier = replace(context, now=NOON - timedelta(minutes=1))
        audit.append(earlier, [Pending(earlier, "staff.customer_viewed", owner.customer_id, employee.id, details)])
    page = shopper.get("/privacy/activity")
    assert [row[2] for row in rows(page) if row[0].startswith("Details opened")] == ["Our employee"]
    assert "None" not in page.texts("main")[0]
    with transaction(now=NOON) as context:
        assert audit_verify.verify(context).reason is None


@pytest.mark.security(64)
def test_the_looks_of_a_day_for_one_purpose_by_one_role_are_one_line(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction, app: Flask
) -> None:
    with transaction(now=NOON) as context:
        colleague, officer = builders.staff(context), builders.staff(context, "privacy")
        placed = builders.order(context, owner.customer_id, external_id="7")
        uuid = db.session.get_one(Customer, owner.customer_id).uuid

    def look(who: MadeStaff, minutes: int, action: str = "staff.customer_viewed", **details: Any) -> None:
        with transaction(Actor("staff", who.id), now=NOON + timedelta(minutes=minutes)) as context:
            customer_openings.note_look(context, owner.customer_id, action, **details)

    for who, minutes, purpose in ((employee, 0, "order"), (colleague, 5, "order"), (officer, 8, "data_request")):
        with transaction(Actor("staff", who.id), now=NOON + timedelta(minutes=minutes)) as context:
            customer_openings.open_customer(context, uuid, purpose)
    for minutes in range(20):
        look(employee, minutes, page="customer")
    look(colleague, 25, "staff.order_viewed", page="order", order=placed.id)
    look(officer, 9, "staff.request_viewed", page="request_letter", request="TP-2026-1")
    # Midnight in Finland has passed.
    look(employee, 10 * 60 + 1, page="customer")
    with statements(app) as sent:
        page = shopper.get("/privacy/activity")
    assert len(sent) == 4, sent
    found = [row for row in rows(page) if row[0].startswith("Details opened")]
    assert [(row[1], row[2], row[3]) for row in found] == [
        ("3 March 2026, 0:01", "Our employee Customer service", ""),
        ("2 March 2026", "Our employee Customer service", "Processing an order"),
        ("2 March 2026", "Our employee Data protection", "A request for one's own data"),
    ]
    (many, two) = page.select("tbody details")
    assert "21 pages viewed" in many.get_text()
    single = [" ".join(item.stripped_strings) for item in many.select("li")]
    assert (len(single), single[0], single[-1]) == (23, "14:25 Order VK-7", "14:00 Details opened")
    assert "14:09 Access request: a letter · TP-2026-1" in " ".join(two.stripped_strings)


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
    assert found["Log-in failed Reason: wrong password"] == "Not logged in"
    assert found["New password chosen with a mailed link"] == "You"
    assert found["Logged in from a browser or network that was not known"] == "You"


def test_a_viewed_order_is_named_and_somebody_elses_is_not(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction
) -> None:
    with transaction(now=NOON) as context:
        own = builders.order(context, owner.customer_id, external_id="7")
        other = builders.order(context, builders.customer(context), external_id="8")
    with transaction(Actor("staff", employee.id), now=NOON) as context:
        for viewed in (own, other):
            customer_openings.note_look(context, owner.customer_id, "staff.order_viewed", page="order", order=viewed.id)
    (looks,) = shopper.get("/privacy/activity").select("tbody details ul")
    assert [" ".join(item.stripped_strings) for item in looks.select("li")] == ["14:00 Order", "14:00 Order VK-7"]


def test_nothing_of_anybody_else(shopper: InvariantClient, employee: MadeStaff, transaction: Transaction) -> None:
    with transaction(Actor("staff", employee.id), now=NOON) as context:
        stranger = builders.customer(context)
        customer_openings.open_customer(context, db.session.get_one(Customer, stranger).uuid, "order")
        provenance.set_fields(context, provenance.lock(stranger), {"street": "Torikatu 1"})
    assert [row[2] for row in rows(shopper.get("/privacy/activity"))] == ["You"]


def test_the_pages_hold_every_event_once_though_many_share_a_moment(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction, app: Flask
) -> None:
    with transaction(Actor("customer", owner.id), now=NOON) as context:
        for n in range(75):
            # Forty share one moment, which a page ends in the middle of.
            moment = replace(context, now=NOON if n < 40 else NOON - timedelta(minutes=n))
            audit.record(moment, "account.session_ended", customer_id=owner.customer_id, count=n + 1000)
    found, pages = walk(shopper, app)
    ended = [row for row in found if row[0].startswith("Sessions ended")]
    assert (len(ended), len({row[0] for row in ended}), pages) == (75, 75, 3)
    assert sum(row[1] == "2 March 2026, 14:00" for row in ended) == 40


def test_a_page_that_ends_inside_a_day_goes_on_with_it_on_the_next(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction, app: Flask
) -> None:
    with transaction(now=NOON):
        views = [
            {
                "customer_id": owner.customer_id,
                "staff_id": employee.id,
                "purpose": "order",
                "opened_at": NOON - timedelta(hours=n // 3),
                "expires_at": NOON,
            }
            for n in range(3000)
        ]
        db.session.execute(insert(CustomerOpening), views)
    found, pages = walk(shopper, app)
    times = [int(row[0].split()[3]) for row in found if row[0].startswith("Details opened")]
    assert (sum(times), pages) == (3000, 8)
    assert max(times) == 72


def walk(shopper: InvariantClient, app: Flask) -> tuple[list[list[str]], int]:
    """The rows of all pages, each of at most three queries, and how many pages there were."""
    found: list[list[str]] = []
    path, pages = "/privacy/activity", 0
    while path:
        with statements(app) as sent:
            page = shopper.get(path)
        assert len(sent) == 3, sent
        assert len(rows(page)) <= 30
        assert bool(page.select('main a[rel="prev"]')) == bool(pages)
        found, pages = found + rows(page), pages + 1
        older = page.select('main a[rel="next"]')
        path = str(older[0]["href"]) if older else ""
    return found, pages


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


def test_the_views_are_shown_alone_with_a_list_of_their_own(
    shopper: InvariantClient, owner: MadeAccount, employee: MadeStaff, transaction: Transaction
) -> None:
    with transaction(Actor("staff", employee.id), now=NOON) as context:
        uuid = db.session.get_one(Customer, owner.customer_id).uuid
        customer_openings.open_customer(context, uuid, "order")
        for n in range(40):
            # A view on each of forty days, and what is no view between them.
            moment = replace(context, now=NOON - timedelta(days=n))
            customer_openings.note_look(moment, owner.customer_id, "staff.customer_viewed", page="customer")
            audit.record(moment, "account.session_ended", customer_id=owner.customer_id, count=n)
    everything = shopper.get("/privacy/activity")
    links = {link.get_text(): link for link in everything.select('nav[aria-label="What is shown"] a')}
    assert [link.get("aria-current") for link in links.values()] == ["true", None]
    path, found = str(links["Views by our employees"]["href"]), list[list[str]]()
    while path:
        page = shopper.get(path)
        (current,) = page.select('nav[aria-label="What is shown"] a[aria-current]')
        assert current.get_text() == "Views by our employees"
        found += rows(page)
        older = page.select('main a[rel="next"]')
        path = str(older[0]["href"]) if older else ""
    assert len(found) == 40
    assert {row[2] for row in found} == {"Our employee Customer service"}
    assert shopper.get("/privacy/activity?show=changes").status_code == 400
    (more,) = everything.select('main a[rel="next"]')
    assert shopper.get(f"{more['href']}&show=views").status_code == 400


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
        (
            "access_request.source_searched",
            {"searched": "till", "found_something": False, "request": "TP-2026-1"},
            "TP-2026-1 · Source searched: Till of the shop",
        ),
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
