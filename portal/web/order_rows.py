"""Orders as rows of a list: everything is formatted once, in plain Python, because a list has twenty of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask import url_for
from flask_babel import ngettext

from portal.rules.clock import helsinki_date
from portal.rules.formats import NBSP, format_date, format_money
from portal.rules.order_status import STATUSES
from portal.rules.texts import text
from portal.services.orders import OrderRow
from portal.web.language import current_locale


class ShownOrder(NamedTuple):
    """A row as it is read on the page."""

    url: str
    number: str
    day: str
    content: str
    status: str
    total: str


class ShownStatus(NamedTuple):
    """A state that occurs in the list, as its tag shows it."""

    code: str
    kind: str
    word: str
    icon: str


def shown_orders(rows: Sequence[OrderRow]) -> list[ShownOrder]:
    """The rows in the language of the page."""
    locale = current_locale()
    # One look-up for all rows: an order's number needs no quoting in an address.
    prefix = url_for("orders.detail", number="0")[:-1]
    more = {count: _more(count - 1) for count in {row.line_count for row in rows}}
    return [
        ShownOrder(
            prefix + row.number,
            row.number,
            format_date(helsinki_date(row.placed_at), locale),
            row.first_product + more[row.line_count],
            row.status,
            format_money(row.gross, row.currency, locale),
        )
        for row in rows
    ]


def shown_statuses(rows: Sequence[OrderRow]) -> list[ShownStatus]:
    """The states that the rows are in, each once."""
    return [shown_status(code) for code in {row.status for row in rows}]


def shown_status(code: str) -> ShownStatus:
    """A state in the language of the page."""
    status = STATUSES[code]
    return ShownStatus(code, status.kind, text(status.text_code, current_locale()), status.icon)


def _more(count: int) -> str:
    """What follows the first product; it stays on one line."""
    return " " + ngettext("+ %(num)d more", "+ %(num)d more", count).replace(" ", NBSP) if count > 0 else ""
