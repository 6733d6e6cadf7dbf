"""The privacy page: the register notice with the customer's own data in it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date, format_number
from portal.rules.recipients import shown as shown_recipient
from portal.rules.recipients import transfers
from portal.rules.register import Source, text_code
from portal.rules.shown_values import shown, word
from portal.rules.texts import TEXTS, text
from portal.services.register import notice, privacy_page
from portal.services.register.privacy_page import Held, Holding, PrivacyPage, Value
from portal.services.register.register_parts import list_label
from portal.services.requests import access_requests
from portal.web import access
from portal.web.access_request_rows import shown_requests
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.privacy.labels import column_label, withheld_rows
from portal.web.transaction import current_context

LONGEST_SUMMARY = 4
# Forms of a value by which it is compared: they repeat it, so the summary leaves them out.
COMPARED = "_identity"


@access.customer
def show() -> ResponseReturnValue:
    """GET /privacy: everything held about the customer, with purposes, sources, recipients and periods."""
    context, customer_id, locale = current_context(), current_user.customer_id, current_locale()
    found, named = privacy_page.read(context, customer_id), notice.recipients(context)
    return page(
        "privacy/overview.html",
        found=found,
        requests=shown_requests(access_requests.own_open(context, customer_id)),
        holdings=[_shown_holding(holding, locale) for holding in found.holdings],
        recipients=[shown_recipient(item, locale) for item in named],
        transfers=transfers(named),
        sources=[text(text_code(source), locale) for source in _sources(found)],
        text_code=text_code,
    )


def _shown_holding(holding: Holding, locale: str) -> dict[str, Any]:
    """One category as its card shows it."""
    rows = [_value_row(value, locale) for value in holding.values]
    rows += [_list_row(item, locale) for item in holding.lists]
    return {
        "code": holding.category.value,
        "label": text(text_code(holding.category), locale),
        "summary": _summary(holding, locale),
        "latest": holding.latest,
        "rows": rows + _withheld_once(holding, locale),
        "purposes": [text(text_code(item), locale) for item in holding.purposes],
        "sources": [text(text_code(item), locale) for item in _own_sources(holding)],
        "kept": [(text(text_code(item.period), locale), item.not_before) for item in holding.kept],
    }


def _value_row(value: Value, locale: str) -> dict[str, Any]:
    column = value.column
    row: dict[str, Any] = {
        "key": column_label(column, locale),
        "value": shown(column.table, column.name, value.value, locale) if value.given else None,
    }
    if value.source and value.changed_at and (value.given or value.source in ("account", *_TOLD)):
        day = format_date(helsinki_date(value.changed_at), locale)
        note = f"profile.note.{value.source}"
        known = text(note, locale, date=day) if note in TEXTS else f"{word('source', value.source, locale)}, {day}"
        row["note"] = known
    return row


# By these a customer can have had a value taken away.
_TOLD = ("phone", "email", "in_store", "letter")


def _list_row(item: Held, locale: str) -> dict[str, Any]:
    label = list_label(item.part, locale)
    if not item.count:
        return {"key": label, "value": text("privacy.nothing", locale)}
    number = format_number(item.count, locale)
    row: dict[str, Any] = {
        "key": label,
        "value": ngettext("%(number)s entry", "%(number)s entries", item.count, number=number),
        "url": url_for("privacy.entries", category=item.part.category.value, part=item.part.slug),
        "action": text("privacy.show_all", locale),
    }
    if item.latest:
        row["note"] = text("privacy.latest", locale, date=format_date(helsinki_date(item.latest), locale))
    return row


def _withheld_once(holding: Holding, locale: str) -> list[dict[str, str]]:
    """The columns that are not shown, where the customer has the rows that hold them."""
    held = {value.column.table for value in holding.values} | {item.part.table for item in holding.lists if item.count}
    return withheld_rows([column for column in holding.withheld if column.table in held], locale)


def _summary(holding: Holding, locale: str) -> str:
    """The content of a category in a line: its first values by name, or its entries by number."""
    names = [
        column_label(item.column, locale)
        for item in holding.values
        if item.given and not item.column.name.endswith(COMPARED)
    ]
    names += [
        f"{list_label(item.part, locale)} ({format_number(item.count, locale)})" for item in holding.lists if item.count
    ]
    first = names[:1] + [_inside_sentence(name) for name in names[1:LONGEST_SUMMARY]]
    more = len(names) - LONGEST_SUMMARY
    return f"{', '.join(first)} {text('privacy.and_more', locale, count=more)}" if more > 0 else ", ".join(first)


def _inside_sentence(name: str) -> str:
    """A name without its capital letter, unless that belongs to it ("VAT", "Y-tunnus")."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _sources(found: PrivacyPage) -> list[Source]:
    """Where this customer's data come from."""
    told = {source for holding in found.holdings if holding.latest for source in _own_sources(holding)}
    return [source for source in Source if source in told]


def _own_sources(holding: Holding) -> list[Source]:
    """The sources of the values, where every one tells its own; else all that the category can come from."""
    own = {value.source for value in holding.values if value.source and value.given}
    told = [source for source in Source if source in own]
    entries = any(item.count for item in holding.lists)
    return told if told and not entries else list(holding.sources)
