"""Usage statistics of the demo's customers who consented to them: a few visits of the past weeks."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert

from portal.cli.demo.consents import EERO
from portal.cli.demo.credentials import CUSTOMER_EMAIL
from portal.cli.demo.people import Person
from portal.models.base import db
from portal.models.usage import PageView
from portal.rules.clock import helsinki_date, helsinki_midnight
from portal.rules.context import Context

# Whose, days ago, at which hour in Helsinki, and the pages of the visit, a minute or so apart.
VISITS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    (CUSTOMER_EMAIL, 49, 19, ("account.overview", "orders.history", "orders.detail")),
    (CUSTOMER_EMAIL, 32, 8, ("account.overview", "account.profile", "account.change_phone", "account.profile")),
    (
        CUSTOMER_EMAIL,
        19,
        21,
        ("account.overview", "orders.history", "orders.detail", "orders.history", "orders.detail"),
    ),
    (CUSTOMER_EMAIL, 8, 17, ("account.overview", "privacy.overview", "privacy.activity")),
    (CUSTOMER_EMAIL, 1, 18, ("account.overview", "orders.history", "orders.detail")),
    (EERO, 14, 12, ("account.overview", "orders.history")),
    (EERO, 2, 20, ("account.overview", "orders.history", "orders.detail")),
)


def visit_pages(context: Context, ids: dict[Person, int]) -> None:
    """Store the visits, the earliest first."""
    by_email = {person.email: ids[person] for person in ids if person.email}
    rows = [
        {"customer_id": by_email[email], "page": page, "viewed_at": _moment(context, days, hour, step)}
        for email, days, hour, pages in sorted(VISITS, key=lambda visit: -visit[1])
        for step, page in enumerate(pages)
    ]
    db.session.execute(insert(PageView), rows)


def _moment(context: Context, days: int, hour: int, step: int) -> datetime:
    midnight = helsinki_midnight(helsinki_date(context.now) - timedelta(days=days))
    return midnight + timedelta(hours=hour, seconds=73 * (step + days))
