"""The order history as a page: what it shows, how it is walked, and what it refuses."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from tests.support import builders
from tests.support.builders import Line, MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction
from tests.support.queries import statements

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NUMBERS = "tbody th"


@pytest.fixture
def many(owner: MadeAccount, transaction: Transaction) -> None:
    """Thirty orders of the owner, two a day, all at noon."""
    with transaction(now=NOON) as context:
        for n in range(30):
            placed = NOON - timedelta(days=n // 2)
            builders.order(context, owner.customer_id, external_id=str(100 + n), placed_at=placed)


def link(page: PageResponse, rel: str) -> str:
    (found,) = page.select(f'main a[rel="{rel}"]')
    return str(found["href"])


def test_a_row_says_number_day_content_state_and_total(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    lines = [Line("Kompassi Delfi 85", price=123450), Line("Köysi", price=1)]
    with transaction() as context:
        builders.order(
            context,
            owner.customer_id,
            lines=lines,
            external_id="7",
            # Already the next day in Helsinki.
            placed_at=datetime(2025, 6, 30, 21, 30, tzinfo=UTC),
            status="cancelled",
        )
    page = shopper.get("/orders")
    assert [cell.get_text() for cell in page.select("tbody th, tbody td")] == [
        "VK-7",
        "1 July 2025",
        "Kompassi Delfi 85 +\u00a01\u00a0more",
        "Order cancelled",
        "€1,234.51",
    ]
    assert page.select("tbody a")[0]["href"] == "/orders/VK-7"


@pytest.mark.usefixtures("many")
def test_newer_and_older_lead_there_and_back_and_keep_the_filters(shopper: InvariantClient) -> None:
    first = shopper.get("/orders?year=2026&status=completed&q=vk")
    assert first.texts(NUMBERS) == [f"VK-{number}" for number in _newest_first()[:20]]
    older = link(first, "next")
    assert parse_qs(urlsplit(older).query)["year"] == ["2026"]
    second = shopper.get(older)
    assert second.texts(NUMBERS) == [f"VK-{number}" for number in _newest_first()[20:]]
    assert not second.select('a[rel="next"]')
    assert shopper.get(link(second, "prev")).texts(NUMBERS) == first.texts(NUMBERS)


@pytest.mark.usefixtures("many")
def test_the_search_form_finds_by_product_and_keeps_what_was_asked(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        builders.order(context, owner.customer_id, external_id="1", lines=[Line("Äyriäinen")], placed_at=NOON)
    page = shopper.submit("/orders", "main form", q="äyriäi", year="2026")
    assert page.texts(NUMBERS) == ["VK-1"]
    assert page.select("#q")[0]["value"] == "äyriäi"
    assert page.texts("#year option[selected]") == ["2026"]


@pytest.mark.usefixtures("many")
def test_nothing_matches_and_no_orders_at_all_say_different_things(
    shopper: InvariantClient, transaction: Transaction
) -> None:
    page = shopper.get("/orders?q=purjevene")
    assert "No order matches" in page.page_text
    assert page.select('main a[href="/orders"]')
    with transaction() as context:
        newcomer = builders.account(context, email="uusi@example.com")
    other = InvariantClient(shopper.application, shopper.base_url)
    other.set_cookie("portal_language", "en")
    other.log_in(newcomer)
    page = other.get("/orders")
    assert "You have no orders yet" in page.page_text
    assert not page.select("main form")
    assert page.select('main a[href="/account/earlier-orders"]')


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    "query",
    ["status=gone", "year=20x6", "year=0", "after=x", "before=x", "after=" + "A" * 32, "after=" + "9" * 40],
)
def test_what_no_link_of_the_page_says_is_refused(query: str, shopper: InvariantClient) -> None:
    assert shopper.get(f"/orders?{query}").status_code == 400


@pytest.mark.usefixtures("many")
def test_a_cursor_is_bound_to_its_filters(shopper: InvariantClient) -> None:
    cursor = parse_qs(urlsplit(link(shopper.get("/orders"), "next")).query)["after"][0]
    assert shopper.get(f"/orders?after={cursor}").status_code == 200
    assert shopper.get(f"/orders?status=completed&after={cursor}").status_code == 400
    assert shopper.get(f"/orders?after={cursor}&before={cursor}").status_code == 400


@pytest.mark.parametrize("term", ["a" * 101, "a%07b"])
def test_a_term_that_cannot_be_searched_for_is_told_at_its_field(term: str, shopper: InvariantClient) -> None:
    page = shopper.get(f"/orders?q={term}")
    assert page.status_code == 422
    assert page.fields_in_error == ["q"]
    assert len(page.error_summary) == 1


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", ["", "?q=sukat&year=2026&status=completed"])
def test_three_statements_make_the_page(query: str, shopper: InvariantClient, app: Flask) -> None:
    with statements(app) as sent:
        shopper.get("/orders" + query)
    assert len(sent) == 3, sent


def _newest_first() -> list[int]:
    # Of two orders at one moment the one with the higher row number comes first.
    return [100 + n for pair in range(15) for n in (2 * pair + 1, 2 * pair)]
