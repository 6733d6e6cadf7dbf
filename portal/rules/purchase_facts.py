"""What a customer's orders say about the customer: simple counts, each of which can be told with its reason."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.rules.clock import helsinki_date, helsinki_time
from portal.rules.interests import fitting

# A product is bought often from so many orders on; of those that are, so many are kept.
OFTEN = 2
MOST_PRODUCTS = 12
# Fewer orders say nothing about a rhythm or a season.
FEWEST_FOR_INTERVAL = 5
FEWEST_DAYS = 2
FEWEST_FOR_SEASON = 8
SEASON_MONTHS = 3
# Orders that were spread evenly would have 25 % in any three months.
SEASON_SHARE = 0.4
YEAR_DAYS = 365


class FactKind(StrEnum):
    """What is derived."""

    OFTEN = "often"
    INTEREST = "interest"
    SEASON = "season"
    INTERVAL = "interval"


# What can be suggested.
PRODUCTS = (FactKind.OFTEN, FactKind.INTEREST)


@dataclass(frozen=True)
class Purchase:
    """One line of an order; `key` tells products apart, `folded` is the name as it is compared."""

    order_id: int
    placed_at: datetime
    key: str
    product: str
    folded: str


@dataclass(frozen=True)
class Fact:
    """One fact with its figures, named like the columns of `derived_fact`."""

    kind: FactKind
    product: str | None = None
    interest: str | None = None
    times: int | None = None
    out_of: int | None = None
    month: int | None = None
    days: int | None = None
    last_at: datetime | None = None


def derive(purchases: Iterable[Purchase], interests: Sequence[str]) -> list[Fact]:
    """Return what the purchases say, products first, the best suggestion first of all."""
    by_name = sorted(purchases, key=lambda line: (line.key, line.product))
    lines = sorted(by_name, key=lambda line: (line.placed_at, line.order_id), reverse=True)
    orders = list({line.order_id: line.placed_at for line in lines}.values())
    found = [*_products(lines, interests), _season(orders), _interval(orders)]
    return [fact for fact in found if fact is not None]


def _products(lines: list[Purchase], interests: Sequence[str]) -> list[Fact]:
    """Products of several orders, and of one order where an interest was told; what fits an interest comes first."""
    by_key: dict[str, list[Purchase]] = {}
    for line in lines:
        by_key.setdefault(line.key, []).append(line)
    facts = []
    for bought in by_key.values():
        times, newest = len({line.order_id for line in bought}), bought[0]
        interest = fitting(newest.folded, interests)
        if times >= OFTEN or interest:
            kind = FactKind.OFTEN if times >= OFTEN else FactKind.INTEREST
            facts.append(Fact(kind, newest.product, interest, times, last_at=newest.placed_at))
    # Sorting keeps the order of equals: the newest stays first.
    facts.sort(key=lambda fact: (fact.interest is None, -(fact.times or 0)))
    return facts[:MOST_PRODUCTS]


def _season(orders: list[datetime]) -> Fact | None:
    """The three months in which most orders were placed, where they stand out over at least a year."""
    if len(orders) < FEWEST_FOR_SEASON or (orders[0] - orders[-1]).days < YEAR_DAYS:
        return None
    months = [helsinki_time(moment).month for moment in orders]
    counts = {first: sum((month - first) % 12 < SEASON_MONTHS for month in months) for first in range(1, 13)}
    first = max(counts, key=lambda month: counts[month])
    if counts[first] < SEASON_SHARE * len(orders):
        return None
    return Fact(FactKind.SEASON, times=counts[first], out_of=len(orders), month=first)


def _interval(orders: list[datetime]) -> Fact | None:
    """The middle one of the gaps between orders, in days."""
    if len(orders) < FEWEST_FOR_INTERVAL:
        return None
    days = [helsinki_date(moment) for moment in orders]
    gaps = [(later - earlier).days for later, earlier in itertools.pairwise(days)]
    usual = round(statistics.median(gaps))
    # Less is no rhythm that anybody would recognise.
    if usual < FEWEST_DAYS:
        return None
    return Fact(FactKind.INTERVAL, out_of=len(orders), days=usual, last_at=orders[0])
