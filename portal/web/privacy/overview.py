"""The privacy page: the register notice with the customer's own data in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date, format_number
from portal.rules.recipients import Recipient, given_to, transfers
from portal.rules.recipients import shown as shown_recipient
from portal.rules.register import Origin, Source, Withheld, text_code
from portal.rules.register_labels import table_label
from portal.rules.shown_values import shown, word
from portal.rules.texts import TEXTS, text
from portal.services.register import notice, privacy_page
from portal.services.register.privacy_page import Held, Holding, PrivacyPage, Value
from portal.services.register.register_parts import Part, list_label
from portal.services.requests import access_requests
from portal.web import access
from portal.web.access_request_rows import shown_requests
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.privacy.labels import column_label, left_out_reason, withheld_rows
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /privacy: everything held about the customer, with purposes, sources, recipients and periods."""
    context, customer_id, locale = current_context(), current_user.customer_id, current_locale()
    found, named = privacy_page.read(context, customer_id), notice.recipients(context)
    return page(
        "privacy/overview.html",
        found=found,
        requests=shown_requests(access_requests.own_open(context, customer_id)),
        holdings=[_shown_holding(holding, named, locale) for holding in found.holdings],
        recipients=[shown_recipient(item, locale) for item in named],
        transfers=transfers(named),
        purposes=[text(text_code(purpose), locale) for purpose in found.purposes],
        sources=[text(text_code(source), locale) for source in _sources(found)],
        text_code=text_code,
    )


def _shown_holding(holding: Holding, named: Sequence[Recipient], locale: str) -> dict[str, Any]:
    """One category: what is read at a glance in `lines` and `lists`, everything else in `folded`."""
    rows = [(value, _value_row(value, locale)) for value in holding.values]
    folded = [row for value, row in rows if not _at_a_glance(value, row)]
    folded += [_empty_list(item, locale) for item in holding.lists if not item.count]
    return {
        "code": holding.category.value,
        "label": text(text_code(holding.category), locale),
        "latest": holding.latest,
        "lines": [row for value, row in rows if _at_a_glance(value, row)],
        "lists": [_list_link(item, locale) for item in holding.lists if item.count],
        "left_out": [_left_out(part, reason, locale) for part, reason in holding.left_out],
        "folded": folded + _withheld_once(holding, locale) + _unlinked(holding, locale),
        "purposes": [text(text_code(item), locale) for item in holding.purposes],
        "sources": [text(text_code(item), locale) for item in _own_sources(holding)],
        "given_to": given_to(holding.purposes, [(item.name, item.purposes) for item in named], locale),
        "kept": [(text(text_code(item.period), locale), item.not_before) for item in holding.kept],
    }


def _at_a_glance(value: Value, row: Mapping[str, Any]) -> bool:
    """Whether the customer told a value, and it is there or tells how it went; what we noted or derived is folded."""
    return value.column.declared.origin is Origin.PROVIDED and (value.given or "note" in row)


def _value_row(value: Value, locale: str) -> dict[str, Any]:
    column = value.column
    row: dict[str, Any] = {
        "key": column_label(column, locale),
        "value": shown(column.table, column.name, value.value, locale) if value.given else None,
    }
    if value.source and value.changed_at and (value.given or value.source in ("account", *_TOLD)):
        day = format_date(helsinki_date(value.changed_at), locale)
        # A user name is never changed, but chosen and taken back.
        note = f"profile.note.{'chosen' if column.name == 'user_name' else value.source}"
        known = text(note, locale, date=day) if note in TEXTS else f"{word('source', value.source, locale)}, {day}"
        row["note"] = known
    return row


# By these a customer can have had a value taken away.
_TOLD = ("phone", "email", "in_store", "letter")


def _list_link(item: Held, locale: str) -> dict[str, str]:
    return {
        "label": list_label(item.part, locale),
        "count": format_number(item.count, locale),
        "url": url_for("privacy.entries", category=item.part.category.value, part=item.part.slug),
    }


def _left_out(part: Part, reason: str, locale: str) -> dict[str, str]:
    """What an answer in writing left out; its own page says how to ask for it."""
    return {
        "label": list_label(part, locale),
        "reason": left_out_reason(reason, locale),
        "url": url_for("privacy.entries", category=part.category.value, part=part.slug),
    }


def _empty_list(item: Held, locale: str) -> dict[str, str]:
    return {"key": list_label(item.part, locale), "value": text("privacy.nothing", locale)}


def _withheld_once(holding: Holding, locale: str) -> list[dict[str, str]]:
    """The columns that are not shown, where the customer has the rows that hold them."""
    held = {value.column.table for value in holding.values} | {item.part.table for item in holding.lists if item.count}
    return withheld_rows([column for column in holding.withheld if column.table in held], locale)


def _unlinked(holding: Holding, locale: str) -> list[dict[str, str]]:
    """What may hold more of the category, and is shown to nobody."""
    reason = text(text_code(Withheld.UNLINKED), locale)
    return [{"key": table_label(table, locale), "value": reason} for table in holding.unlinked]


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
