"""The order history: own orders only, newest first, walked by cursor both ways, searched and filtered."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules import cursors
from portal.rules.errors import NotFound, RuleBroken
from portal.rules.order_status import STATUSES
from portal.services.orders import orders
from portal.services.orders.order_search import LONGEST_TERM, PAGE_SIZE, Filters, check_filters
from tests.support import builders
from tests.support.builders import Line
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALL = Filters()


@pytest.fixture
def owner(transaction: Transaction) -> int:
    """A customer with 45 orders, every three of them at the very same moment, and a stranger with one."""
    with transaction() as context:
        customer = builders.customer(context)
        for n in range(45):
            builders.order(
                context, customer, external_id=str(100 + n), placed_at=NOON - timedelta(hours=n // 3), status="shipped"
            )
        builders.order(context, builders.customer(context), external_id="900", placed_at=NOON)
    return customer


def numbers(page: orders.HistoryPage) -> list[str]:
    return [row.number for row in page.orders]


def test_walks_to_the_end_and_back_without_losing_or_repeating_an_order(owner: int, reading: Transaction) -> None:
    with reading() as context:
        first = orders.history(context, owner, ALL)
        second = orders.history(context, owner, ALL, after=first.older)
        third = orders.history(context, owner, ALL, after=second.older)
        back = orders.history(context, owner, ALL, before=third.newer)
        start = orders.history(context, owner, ALL, before=back.newer)
    walked = [*numbers(first), *numbers(second), *numbers(third)]
    assert len(walked) == len(set(walked)) == 45
    assert "VK-900" not in walked
    keys = [(row.placed_at, row.id) for page in (first, second, third) for row in page.orders]
    assert keys == sorted(keys, reverse=True)
    assert [len(page.orders) for page in (first, second, third)] == [PAGE_SIZE, PAGE_SIZE, 5]
    assert (first.newer, third.older) == (None, None)
    assert numbers(back) == numbers(second)
    assert numbers(start) == numbers(first)
    assert start.newer is None


def test_a_cursor_of_another_list_or_customer_is_refused(owner: int, reading: Transaction) -> None:
    with reading() as context:
        older = orders.history(context, owner, ALL).older
        assert older is not None
        for filters, customer in ((Filters(status="shipped"), owner), (ALL, owner + 1)):
            with pytest.raises(ValueError, match="another list"):
                orders.history(context, customer, filters, after=older)
        with pytest.raises(ValueError, match="direction"):
            orders.history(context, owner, ALL, after=older, before=older)


def test_a_cursor_past_the_last_order_shows_the_beginning(owner: int, reading: Transaction) -> None:
    with reading() as context:
        digest = ALL.digest(owner)
        past = cursors.encode(datetime(1990, 1, 1, tzinfo=UTC), 1, digest)
        assert numbers(orders.history(context, owner, ALL, after=past)) == numbers(orders.history(context, owner, ALL))


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("kelluntaliivi", {"VK-1"}),
        ("MERI", {"VK-1"}),
        ("äyriäinen", {"VK-2"}),
        ("ayriainen", {"VK-2"}),
        ("vk-2", {"VK-2"}),
        ("K-1", {"VK-1"}),
        ("50 %", {"VK-3"}),
        ("%", {"VK-3"}),
        ("_", {"VK-3"}),
        ("\\", set()),
        ("'; DROP TABLE orders; --", set()),
        ("toisen", set()),
    ],
)
def test_searches_by_product_and_number_as_plain_text(
    term: str, found: set[str], transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        customer = builders.customer(context)
        for number, product in (("1", "Kelluntaliivi Meri"), ("2", "Äyriäinen"), ("3", "Alennus_50 %")):
            builders.order(context, customer, external_id=number, lines=[Line("Muu"), Line(product)])
        builders.order(context, builders.customer(context), external_id="4", lines=[Line("Toisen tuote")])
    with reading() as context:
        assert set(numbers(orders.history(context, customer, check_filters(term, "", "")))) == found


def test_a_year_begins_at_midnight_in_helsinki(transaction: Transaction, reading: Transaction) -> None:
    midnight = datetime(2025, 12, 31, 22, 0, tzinfo=UTC)
    with transaction() as context:
        customer = builders.customer(context)
        builders.order(context, customer, external_id="1", placed_at=midnight - timedelta(microseconds=1))
        builders.order(context, customer, external_id="2", placed_at=midnight)
    with reading() as context:
        assert numbers(orders.history(context, customer, Filters(year=2025))) == ["VK-1"]
        assert numbers(orders.history(context, customer, Filters(year=2026))) == ["VK-2"]


def test_filters_by_status(transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        customer = builders.customer(context)
        for status in STATUSES:
            builders.order(context, customer, external_id=status, status=status)
    with reading() as context:
        for status in STATUSES:
            assert {row.status for row in orders.history(context, customer, Filters(status=status)).orders} == {status}


@pytest.mark.parametrize(
    ("year", "status"),
    [("20266", ""), ("x", ""), ("٢٠٢٦", ""), ("1899", ""), ("9999", ""), ("-1", ""), ("", "gone"), ("", "PENDING")],
)
def test_an_unknown_year_or_status_is_refused(year: str, status: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (several rules raise it, each with words of its own)
        check_filters("", year, status)


@pytest.mark.parametrize("term", ["a" * (LONGEST_TERM + 1), "a\x07b", "\u202eabc"])
def test_a_term_that_cannot_be_searched_for_is_a_problem_of_its_field(term: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_filters(term, "", "")
    assert [problem.field for problem in broken.value.problems] == ["q"]


@pytest.mark.parametrize("number", ["VK-900", "VK-901", "", "x" * 4000, "9" * 40, "VK-100'--", "vk-100"])
def test_what_is_not_the_customers_own_is_not_found(number: str, owner: int, reading: Transaction) -> None:
    with reading() as context, pytest.raises(NotFound):
        orders.detail(context, owner, number)
