"""What usage statistics are collected for: how many customers use each page (purpose `service_improvement`).

Nobody is named, and what too few did is not told: they could be recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from portal.models.database import connection
from portal.models.usage import PageView
from portal.rules.context import Context

FEWEST = 5


@dataclass(frozen=True)
class PageUse:
    """How much one page is used. Both numbers are None when fewer than `FEWEST` customers opened it."""

    page: str
    customers: int | None
    views: int | None


def by_page(context: Context, days: int) -> list[PageUse]:
    """The pages that were opened in the latest days, the most used first."""
    since = context.now - timedelta(days=days)
    people = func.count(PageView.customer_id.distinct())
    statement = (
        select(PageView.page, people, func.count())
        .where(PageView.viewed_at >= since)
        .group_by(PageView.page)
        .order_by(people.desc(), func.count().desc(), PageView.page)
    )
    found = [PageUse(*row) for row in connection().execute(statement)]
    enough = [use for use in found if use.customers is not None and use.customers >= FEWEST]
    # In the order of their names, for the order of the numbers would tell.
    few = sorted(use.page for use in found if use not in enough)
    return [*enough, *(PageUse(page, None, None) for page in few)]
