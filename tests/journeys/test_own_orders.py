"""Looking for orders, reading one, printing it, and joining those from before the account."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from portal.rules.formats import format_money
from portal.rules.texts import text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.browser import keep_screenshot
from tests.support.builders import Line, MadeAccount
from tests.support.fixtures import Transaction

NEWEST = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def buyer(transaction: Transaction, language: str) -> MadeAccount:
    """A customer with 23 orders: one page and three more. Number 5000 is the newest, the only one with a saddle pad."""
    with transaction() as context:
        owner = builders.account(context, language=language)
        for number in range(23):
            builders.order(
                context,
                owner.customer_id,
                external_id=str(5000 + number),
                placed_at=NEWEST - timedelta(days=30 * number),
                status="shipped" if number % 2 else "completed",
                lines=(Line("Satulahuopa", 2, 4950),) if number == 0 else (Line("Ääninappi", 3, 395), Line("Köysi")),
                shipping=590,
            )
    return owner


@pytest.fixture
def owner(walker: Walker, transaction: Transaction) -> MadeAccount:
    """The buyer, logged in and looking at the orders."""
    made = buyer(transaction, walker.language)
    log_in(walker, made.email, made.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    walker.turn_to("Orders")
    walker.sees_page("Orders")
    return made


def lists(walker: Walker, *numbers: str) -> None:
    """The list shows these orders, in this order."""
    expect(walker.main.locator("tbody th a")).to_have_text(list(numbers))


def test_the_list_goes_back_and_forth(walker: Walker, owner: MadeAccount) -> None:
    newest = [f"VK-{number}" for number in range(5000, 5020)]
    lists(walker, *newest)
    walker.main.locator("a[rel=next]").click()
    lists(walker, "VK-5020", "VK-5021", "VK-5022")
    walker.main.get_by_role("link", name="VK-5021", exact=True).click()
    walker.sees_page("Order %(number)s", number="VK-5021")
    walker.page.go_back()
    walker.main.locator("a[rel=prev]").click()
    lists(walker, *newest)


def test_searching_filtering_and_reading_one(walker: Walker, owner: MadeAccount) -> None:
    walker.fill("Search by product or order number", "huopa")
    walker.press("Search")
    lists(walker, "VK-5000")
    assert walker.field("Search by product or order number").input_value() == "huopa"
    walker.fill("Search by product or order number", "")
    walker.field("Year").select_option("2025")
    walker.field("Status").select_option(label=text("order.status.shipped", walker.language))
    walker.press("Search")
    expect(walker.main.locator("tbody tr")).to_have_count(6)
    walker.fill("Search by product or order number", "eiloydy")
    walker.press("Search")
    walker.sees(walker.words("No order matches"))
    walker.follow("Show all orders")
    expect(walker.main.locator("tbody tr")).to_have_count(20)
    walker.main.get_by_role("link", name="VK-5000", exact=True).click()
    walker.sees_page("Order %(number)s", number="VK-5000")
    total = format_money(2 * 4950 + 590, "EUR", walker.language)
    walker.sees("Satulahuopa", total, text("order.status.completed", walker.language), "Kuubankatu 2")
    walker.main.get_by_role("link", name=walker.words("Orders")).first.click()
    walker.sees_page("Orders")


def test_earlier_orders_are_joined(walker: Walker, transaction: Transaction) -> None:
    with transaction() as context:
        earlier = builders.customer(context, email="eero.lahti@example.com", first_name="Eero")
        builders.order(context, earlier, external_id="7001", placed_at=NEWEST)
        builders.order(context, earlier, external_id="7002", placed_at=NEWEST - timedelta(days=1))
        owner = builders.account(context, email="eero.lahti@example.com", language=walker.language)
    log_in(walker, owner.email, owner.password)
    walker.follow("Connect earlier orders")
    walker.sees_page("Connect earlier orders")
    walker.press("Connect orders")
    walker.refused("Order number")
    walker.fill("Order number", "7002")
    walker.press("Connect orders")
    walker.sees_page("Orders")
    walker.is_told("order.claim.joined")
    lists(walker, "VK-7001", "VK-7002")


@pytest.mark.browser
def test_an_order_is_printed_without_the_furniture(new_walker: NewWalker, transaction: Transaction) -> None:
    walker = new_walker()
    owner = buyer(transaction, "fi")
    log_in(walker, owner.email, owner.password)
    walker.open("/orders/VK-5001")
    walker.page.emulate_media(media="print")
    for furniture in ("nav.side", "header .languages", ".skip", ".foot__links", ".back"):
        for element in walker.page.locator(furniture).all():
            expect(element).not_to_be_visible()
    for kept in ("h1", "table", ".totals", ".logo__name"):
        expect(walker.page.locator(kept).first).to_be_visible()
    keep_screenshot(walker.page, "print-order")
