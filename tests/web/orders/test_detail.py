"""One order as a page: everything on it, and only for its owner."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from portal.models.base import db
from portal.models.order import Order, OrderEvent, OrderRefund
from portal.services.orders.order_search import PAGE_SIZE
from tests.support import builders
from tests.support.builders import Line, MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.queries import statements
from tests.support.sameness import told

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_shows_lines_charges_vat_and_sums(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    lines = [Line("Kompassi", 3, 4990, 2550, "KO-1"), Line("Kirja", 1, 1299, 1350, None)]
    with transaction() as context:
        builders.order(
            context,
            owner.customer_id,
            external_id="7",
            lines=lines,
            shipping=590,
            discount=500,
            placed_at=NOON,
            payment_method="invoice",
            note="Ovikoodi 1234 <b>",
        )
    page = shopper.get("/orders/VK-7")
    assert page.h1 == "Order VK-7"
    tables = [[cell.get_text(" ") for cell in table.select("tbody th, tbody td")] for table in page.select("table")]
    assert tables[0] == [
        *("Kompassi KO-1", "3", "€49.90", "25.5%", "€149.70"),
        *("Kirja", "1", "€12.99", "13.5%", "€12.99"),
    ]
    assert tables[1] == [
        *("25.5%", "€120.00", "€30.60", "€150.60"),
        *("13.5%", "€11.44", "€1.55", "€12.99"),
    ]
    sums = dict(zip(page.texts(".totals dt"), page.texts(".totals dd"), strict=True))
    assert sums == {
        "Products": "€162.69",
        "Shipping": "€5.90",
        "Discount": "−€5.00",
        "Total without VAT": "€131.44",
        "VAT": "€32.15",
        "Total": "€163.59",
    }
    assert "Ovikoodi 1234 <b>" in page.page_text
    assert "Invoice" in page.page_text


def test_refunds_stand_below_the_total(shopper: InvariantClient, owner: MadeAccount, transaction: Transaction) -> None:
    with transaction() as context:
        made = builders.order(context, owner.customer_id, external_id="7", lines=[Line("Kompassi", 1, 4990, 2550)])
        refunds = [("Naarmu", -1000), (None, -500)]
        db.session.add_all(
            OrderRefund(order_id=made.id, refund_no=number, external_id=str(number), reason=reason, gross=gross)
            for number, (reason, gross) in enumerate(refunds, 1)
        )
    page = shopper.get("/orders/VK-7")
    sums = list(zip(page.texts(".totals dt"), page.texts(".totals dd"), strict=True))
    assert sums[-4:] == [
        ("Total", "€49.90"),
        ("Refund: Naarmu", "−€10.00"),
        ("Refund", "−€5.00"),
        ("Total after refunds", "€34.90"),
    ]


def test_an_order_from_far_away_looks_right(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    nowhere: dict[str, Any] = {
        f"delivery_{part}": None for part in ("name", "street", "postal_code", "city", "country")
    }
    with transaction() as context:
        made = builders.order(
            context,
            owner.customer_id,
            external_id="10259",
            lines=[Line("Sir Rodney's Scones", 10, 800, 0)],
            placed_at=datetime(1996, 7, 18, tzinfo=UTC),
            billing_name="Hungry Owl All-Night Grocers",
            billing_street="8 Johnstown Road",
            billing_city="Cork",
            billing_postal_code=None,
            billing_country="IE",
            **nowhere,
        )
        db.session.get_one(Order, made.id).currency = "USD"
    page = shopper.get("/orders/VK-10259")
    assert page.texts(".address__line") == ["Hungry Owl All-Night Grocers", "8 Johnstown Road", "Cork", "Ireland"]
    assert page.texts(".totals dd") == ["USD\u00a080.00", "USD\u00a00.00", "USD\u00a080.00"]
    assert "Not given" in page.page_text


def test_the_timeline_tells_what_happened_and_what_comes(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        made = builders.order(context, owner.customer_id, external_id="7", placed_at=NOON, status="pending")
        later = {"order_id": made.id, "event_no": 2, "status": "processing", "source": "order"}
        db.session.execute(insert(OrderEvent).values(**later, occurred_at=NOON + timedelta(hours=1)))
        db.session.get_one(Order, made.id).status = "processing"
    page = shopper.get("/orders/VK-7")
    assert page.texts(".timeline__step") == [
        "Done: Order placed 2 March 2026, 14:00",
        "Done: Waiting for payment",
        "Now: In progress 2 March 2026, 15:00",
        "Still to come: Delivered",
    ]


def test_anothers_order_is_answered_byte_for_byte_like_a_missing_one(
    shopper: InvariantClient, transaction: Transaction
) -> None:
    """SECURITY 33."""
    with transaction() as context:
        builders.order(context, builders.customer(context), external_id="700")
    foreign, missing = shopper.get("/orders/VK-700"), shopper.get("/orders/VK-701")
    assert foreign.status_code == 404
    assert told(foreign, "VK-700") == told(missing, "VK-701")


@pytest.mark.parametrize("number", ["x", "9" * 40, "VK-1%27--", "%F0%9F%98%80", "VK-" + "1" * 500, "VK-%00"])
def test_hostile_numbers_are_not_found(number: str, shopper: InvariantClient) -> None:
    assert shopper.get(f"/orders/{number}").status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_lines(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction, app: Flask
) -> None:
    with transaction() as context:
        builders.order(context, owner.customer_id, external_id="7", lines=[Line(str(n)) for n in range(PAGE_SIZE)])
    with statements(app) as sent:
        shopper.get("/orders/VK-7")
    assert len(sent) == 6, sent
