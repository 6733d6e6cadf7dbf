"""What was derived from a customer's purchases as it is read on pages: each fact with its reason and its orders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date, format_number
from portal.rules.purchase_facts import PRODUCTS, FactKind
from portal.rules.shown_values import season, word
from portal.rules.texts import text
from portal.services.orders.order_search import LONGEST_TERM
from portal.web.addresses import url_for
from portal.web.language import current_locale


def shown_facts(rows: Iterable[Any]) -> list[dict[str, str]]:
    """Each fact with its reason, and the orders it rests on."""
    return [shown_fact(row, current_locale()) for row in rows]


def shown_fact(row: Any, locale: str) -> dict[str, str]:
    """One fact: what it says, and from which figures."""
    params = {
        "times": row.times,
        "out_of": row.out_of,
        "days": format_number(row.days, locale) if row.days else None,
        "day": format_date(helsinki_date(row.last_at), locale) if row.last_at else None,
        "interest": word("interest.topic", row.interest, locale) if row.interest else None,
    }
    if row.kind in PRODUCTS:
        mark = ".interest" if row.kind == FactKind.OFTEN and row.interest else ""
        reason = text(f"fact.{row.kind}{mark}.reason", locale, **params)
        return {"title": row.product, "reason": reason, "url": url_for("orders.history", q=row.product[:LONGEST_TERM])}
    when = season(row.month, locale) if row.kind == FactKind.SEASON else None
    title = text(f"fact.{row.kind}", locale, season=when, **params)
    return {
        "title": title,
        "reason": text(f"fact.{row.kind}.reason", locale, **params),
        "url": url_for("orders.history"),
    }
