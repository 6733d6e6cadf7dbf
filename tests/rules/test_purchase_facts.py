"""What purchases say: counts that anybody can check by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from portal.rules.names import strip_marks
from portal.rules.purchase_facts import (
    FEWEST_FOR_INTERVAL,
    FEWEST_FOR_SEASON,
    MOST_PRODUCTS,
    PRODUCTS,
    Fact,
    FactKind,
    Purchase,
    derive,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def bought(order: int, days_ago: float, product: str = "Köysi", key: str | None = None) -> Purchase:
    return Purchase(order, NOON - timedelta(days=days_ago), key or product, product, strip_marks(product))


def of_kind(facts: list[Fact], *kinds: FactKind) -> list[Fact]:
    return [fact for fact in facts if fact.kind in kinds]


def test_nothing_bought_says_nothing() -> None:
    assert derive([], ["boating"]) == []
    assert derive([bought(1, 3)], []) == []


def test_a_product_of_two_orders_is_bought_often_and_named_as_it_was_last() -> None:
    lines = [
        bought(1, 90, "Köysi 12 mm", "K-12"),
        bought(2, 9, "Köysi 12 mm, uusi", "K-12"),
        # Two lines of one order are one purchase.
        bought(2, 9, "Sukat"),
        bought(2, 9, "Sukat"),
    ]
    assert derive(lines, []) == [
        Fact(FactKind.OFTEN, "Köysi 12 mm, uusi", times=2, last_at=NOON - timedelta(days=9)),
    ]


def test_an_interest_makes_one_purchase_enough_and_comes_first() -> None:
    lines = [bought(1, 5, "Sukat"), bought(2, 6, "Sukat"), bought(3, 7, "Virveli"), bought(4, 8, "Maali")]
    assert derive(lines, ["fishing"]) == [
        Fact(FactKind.INTEREST, "Virveli", "fishing", 1, last_at=NOON - timedelta(days=7)),
        Fact(FactKind.OFTEN, "Sukat", times=2, last_at=NOON - timedelta(days=5)),
    ]


def test_what_is_bought_most_and_then_newest_comes_first() -> None:
    lines = [bought(n, n, product) for n, product in enumerate(["A", "B", "C", "B", "A", "C", "C"], 1)]
    assert [fact.product for fact in of_kind(derive(lines, []), FactKind.OFTEN)] == ["C", "A", "B"]
    many = [bought(n, n, f"Tuote {n % 20}") for n in range(60)]
    assert len(of_kind(derive(many, []), *PRODUCTS)) == MOST_PRODUCTS


def test_the_season_is_the_three_months_with_most_orders_where_they_stand_out() -> None:
    # Two springs with three orders each, one in each of two autumns.
    months = [(2024, 4), (2024, 5), (2024, 6), (2024, 10), (2025, 4), (2025, 5), (2025, 6), (2025, 11)]
    lines = [
        Purchase(n, datetime(year, month, 10, tzinfo=UTC), f"T{n}", "Tuote", "tuote")
        for n, (year, month) in enumerate(months)
    ]
    assert of_kind(derive(lines, []), FactKind.SEASON) == [Fact(FactKind.SEASON, times=6, out_of=8, month=4)]
    assert not of_kind(derive(lines[: FEWEST_FOR_SEASON - 1], []), FactKind.SEASON)
    even = [bought(n, 30.4 * n, f"T{n}") for n in range(24)]
    assert not of_kind(derive(even, []), FactKind.SEASON)
    # Half a year has no seasons, however many orders.
    assert not of_kind(derive([bought(n, n, f"T{n}") for n in range(180)], []), FactKind.SEASON)


def test_a_season_may_reach_over_new_year() -> None:
    days = [datetime(year, month, 5, tzinfo=UTC) for year in (2023, 2024, 2025) for month in (11, 12, 1)]
    lines = [Purchase(n, day, f"T{n}", "Tuote", "tuote") for n, day in enumerate(days)]
    assert of_kind(derive(lines, []), FactKind.SEASON) == [Fact(FactKind.SEASON, times=9, out_of=9, month=11)]


def test_the_interval_is_the_middle_gap() -> None:
    lines = [bought(n, days, f"T{n}") for n, days in enumerate([0, 10, 30, 31, 131])]
    assert of_kind(derive(lines, []), FactKind.INTERVAL) == [
        Fact(FactKind.INTERVAL, out_of=5, days=15, last_at=NOON),
    ]
    assert not of_kind(derive(lines[: FEWEST_FOR_INTERVAL - 1], []), FactKind.INTERVAL)
    # Several orders on one day have no rhythm, nor has one every day.
    for gap in (0, 1):
        assert not of_kind(derive([bought(n, gap * n, f"T{n}") for n in range(9)], []), FactKind.INTERVAL)


@example([bought(order, 0, product) for order in (1, 2) for product in "AB"], [])
@given(
    st.lists(
        st.builds(bought, order=st.integers(1, 30), days_ago=st.integers(0, 1000), product=st.sampled_from("ABCDE")),
        max_size=60,
    ),
    st.lists(st.sampled_from(["boating", "abc", "food"]), unique=True),
)
def test_the_order_of_the_lines_does_not_matter_and_counts_add_up(lines: list[Purchase], interests: list[str]) -> None:
    # One order has one moment.
    moments = {line.order_id: line.placed_at for line in lines}
    lines = [Purchase(line.order_id, moments[line.order_id], line.key, line.product, line.folded) for line in lines]
    facts = derive(lines, interests)
    assert facts == derive(list(reversed(lines)), interests)
    for fact in of_kind(facts, FactKind.OFTEN):
        assert fact.times == len({line.order_id for line in lines if line.product == fact.product})
