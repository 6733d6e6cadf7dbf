"""All entries of one part of the customer's register, a page at a time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.formats import format_datetime
from portal.rules.register import Withheld, text_code
from portal.rules.shown_values import shown, told_apart
from portal.rules.texts import text
from portal.rules.texts.fields import label_code
from portal.services.register import register_rows
from portal.services.register.register_parts import NAMES, list_label, name_of
from portal.services.register.register_rows import Entry
from portal.web import access
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.privacy.labels import column_label, left_out_reason, withheld_rows
from portal.web.suggestion_rows import shown_fact
from portal.web.transaction import current_context


@access.customer
def show(category: str, part: str) -> ResponseReturnValue:
    """GET /privacy/<category>/<part>: its entries, newest first. Parameter: after."""
    locale, after = current_locale(), request.args.get("after")
    try:
        found = register_rows.read(current_context(), current_user.customer_id, category, part, after)
    except ValueError:
        abort(400)
    return page(
        "privacy/entries.html",
        label=list_label(found.part, locale),
        category=found.part.category,
        category_label=text(text_code(found.part.category), locale),
        entries=[_shown_entry(found.part.table, entry, locale) for entry in found.entries],
        withheld=withheld_rows(found.part.withheld, locale),
        left_out=left_out_reason(found.left_out, locale) if found.left_out else None,
        newest_url=_url(category, part) if after else None,
        older_url=_url(category, part, found.older) if found.older else None,
    )


def _url(category: str, part: str, after: str | None = None) -> str:
    return url_for("privacy.entries", category=category, part=part, after=after)


def _shown_entry(table: str, entry: Entry, locale: str) -> dict[str, Any]:
    """One entry: what tells it apart as its heading, then every value."""
    when = format_datetime(entry.moment, locale) if entry.moment else None
    said = _fact(entry, locale) if table == "derived_fact" else None
    heading = said["title"] if said else _heading(table, entry, locale)
    return {
        "heading": heading or when or text("privacy.entry", locale),
        "url": _page_of(table, entry),
        "when": when if heading else None,
        "kept_until": entry.kept_until,
        "values": ([(text("privacy.derived_from", locale), said["reason"])] if said else [])
        + [
            (column_label(column, locale), _value(table, entry, column.name, value, locale))
            for column, value in entry.values
        ]
        + [(column_label(column, locale), text(text_code(Withheld.UNREVIEWED), locale)) for column in entry.unreviewed],
    }


def _fact(entry: Entry, locale: str) -> dict[str, str]:
    """What was derived, and from what, in the words of the page of suggestions."""
    known: dict[str, Any] = dict.fromkeys(("product", "interest", "times", "out_of", "month", "days", "last_at"))
    return shown_fact(SimpleNamespace(**{**known, **{column.name: value for column, value in entry.values}}), locale)


def _heading(table: str, entry: Entry, locale: str) -> str | None:
    named = name_of(table)
    if named is not None and entry.name:
        return text(NAMES[named.table.name, named.name], locale, number=entry.name)
    if entry.telling:
        return told_apart(table, entry.telling, locale)
    return text(label_code("customer", entry.field), locale) if entry.field else None


def _page_of(table: str, entry: Entry) -> str | None:
    """The page of the order or request that an entry is or belongs to."""
    named = name_of(table)
    if named is None or not entry.name:
        return None
    number: dict[str, Any] = {named.name: entry.name}
    return url_for(_PAGES[named.table.name], **number)


# They call their orders and requests by the columns that name them.
_PAGES = {"orders": "orders.detail", "access_request": "access_requests.detail"}


def _value(table: str, entry: Entry, column: str, value: Any, locale: str) -> str:
    if column == "old_value" and entry.field:
        # What a detail was before is written like the detail itself.
        return shown("customer", entry.field, value, locale)
    return shown(table, column, value, locale, currency=entry.currency)
