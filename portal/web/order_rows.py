"""Orders as rows of a list: everything is formatted once, in plain Python, because a list has twenty of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from flask import get_template_attribute
from flask_babel import ngettext

from portal.rules.clock import helsinki_date
from portal.rules.formats import NBSP, format_date, format_money
from portal.rules.order_status import STATUSES
from portal.rules.texts import LOCALES, text
from portal.services.orders.orders import OrderRow
from portal.web.addresses import url_for
from portal.web.language import current_locale


class ShownOrder(NamedTuple):
    """A row as it is read on the page."""

    url: str
    number: str
    day: str
    content: str
    tag: str
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
    sprite = url_for("static", filename="img/icons.svg")
    return [
        ShownOrder(
            prefix + row.number,
            row.number,
            format_date(helsinki_date(row.placed_at), locale),
            row.first_product + _more(row.line_count - 1, locale),
            _tag(row.status, locale, sprite),
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


@lru_cache(maxsize=len(LOCALES))
def status_choices(locale: str) -> tuple[tuple[str, str], ...]:
    """Every state as (code, word), in the order in which an order meets them."""
    return tuple((code, text(status.text_code, locale)) for code, status in STATUSES.items())


@lru_cache(maxsize=128)
def _tag(code: str, locale: str, sprite: str) -> str:
    """The tag of a state as the component draws it; there are few, and every row has one."""
    status = STATUSES[code]
    draw = get_template_attribute("components/tag.html", "tag")
    tag: str = draw(kind=status.kind, word=text(status.text_code, locale), icon=status.icon, sprite=sprite)
    return tag


@lru_cache(maxsize=512)
def _more(count: int, locale: str) -> str:
    """What follows the first product; it stays on one line. `locale` is the page's own."""
    return " " + ngettext("+ %(num)d more", "+ %(num)d more", count).replace(" ", NBSP) if count > 0 else ""
