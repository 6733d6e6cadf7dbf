"""How a stored value of the register is written for the person it is about: codes as words, moments in Helsinki time.

A value is known by its table and column. A code without a text is shown as it is stored, never left out: what the page
of a person's own data does not show would be a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from portal.rules import formats
from portal.rules.countries import country_name
from portal.rules.mail_blocks import words
from portal.rules.phone import display_phone
from portal.rules.register_labels import left_out_lines
from portal.rules.texts import TEXTS, text
from portal.rules.texts.fields import label_code

# Columns that hold codes, and where their words stand in the catalogue: `<prefix>.<code>`.
CODES = {
    "account.disabled_reason": "disabling",
    "access_request.categories": "category",
    "access_request.channel": "access_request.channel",
    "access_request.delivery": "access_request.delivery",
    "access_request.scope": "access_request.scope",
    "access_request.state": "access_request.state",
    "access_request_check.source": "request_check.source",
    "access_request_draft.categories": "category",
    "access_request_draft.contact_by": "access_request.contact_by",
    "access_request_draft.delivery": "access_request.delivery",
    "access_request_letter.on_paper": "access_request.on_paper",
    "access_request_draft.scope": "access_request.scope",
    "access_request_event.kind": "access_request.event",
    "access_request_letter.kind": "access_request.letter",
    "access_request_note.channel": "access_request.channel",
    "access_request_note.kind": "access_request.note",
    "action": "audit",
    "actor_kind": "privacy.who",
    "consent_event.action": "consent.event",
    "consent_event.actor_kind": "consent.who",
    "consent_event.kind": "consent.kind",
    "consent_event.source": "consent.how",
    "customer_opening.role": "role",
    "data_copy.state": "privacy.copy",
    "derived_fact.interest": "interest.topic",
    "derived_fact.kind": "fact.kind",
    "interest.topic": "interest.topic",
    "message.kind": "privacy.message",
    "order_charge.kind": "order.charge",
    "order_event.status": "order.status",
    "orders.status": "order.status",
    "page_view.page": "page",
    "payment_method": "order.payment",
    "provenance.actor_kind": "profile.actor",
    "purpose": "opening_purpose",
    "source": "source",
}
MONEY = ("net", "vat", "gross")


def shown(table: str, column: str, value: Any, locale: str, *, currency: str | None = None) -> str:
    """A value as it is read. Money needs the `currency` of its order; without one the bare number is shown."""
    if isinstance(value, bool):
        return text("privacy.yes" if value else "privacy.no", locale)
    if isinstance(value, datetime):
        return formats.format_datetime(value, locale)
    if isinstance(value, date):
        return formats.format_date(value, locale)
    if isinstance(value, int):
        return _number(column, value, locale, currency)
    if isinstance(value, list):
        return ", ".join(_text(table, column, str(item), locale) for item in value)
    if isinstance(value, Mapping):
        lines = left_out_lines if (table, column) == ("data_copy", "left_out") else shown_details
        return "; ".join(lines(value, locale))
    if isinstance(value, bytes):
        return value.hex()
    return _text(table, column, str(value), locale)


def is_verbatim(table: str, column: str) -> bool:
    """Whether the texts of a column are shown as they are stored: no codes, and nothing that has a form of its own."""
    coded = f"{table}.{column}" in CODES or column in CODES
    return not coded and _written_anew(table, column) is None


def word(prefix: str, code: str, locale: str) -> str:
    """The word of a code, or the code itself where the catalogue has no word for it."""
    known = f"{prefix}.{code}"
    return text(known, locale) if known in TEXTS else code


def _number(column: str, value: int, locale: str, currency: str | None) -> str:
    if currency and column in MONEY:
        return formats.format_money(value, currency, locale)
    if currency and column == "unit_price":
        return formats.format_unit_price(value, currency, locale)
    write = _NUMBERS.get(column, formats.format_number)
    return write(value, locale)


def told_apart(table: str, values: Iterable[tuple[str, Any]], locale: str) -> str:
    """The values, by column, that together say which entry of a table is which."""
    return " · ".join(shown(table, column, value, locale) for column, value in values)


def season(month: int, locale: str) -> str:
    """The three months that begin with one, as they are said."""
    code = f"season.{month}"
    return text(code, locale) if code in TEXTS else formats.format_number(month, locale)


_NUMBERS: dict[str, Callable[[int, str], str]] = {
    "month": season,
    "vat_rate": formats.format_percent,
    "quantity": formats.format_quantity,
}


def _text(table: str, column: str, value: str, locale: str) -> str:
    prefix = CODES.get(f"{table}.{column}") or CODES.get(column)
    if prefix:
        return word(prefix, value, locale)
    write = _written_anew(table, column)
    return value if write is None else write(value, locale)


def _written_anew(table: str, column: str) -> Callable[[str, str], str] | None:
    """What writes the texts of a column whose form is not that of a reader; None for all others."""
    if (table, column) == ("message", "html"):
        return lambda value, _: words(value)
    if table == "customer_search":
        # The words of a search index stand apart by more than one space.
        return lambda value, _: " ".join(value.split())
    return _FORMS.get(column.rpartition("_")[2])


_FORMS: dict[str, Callable[[str, str], str]] = {
    "phone": display_phone,
    "country": country_name,
    "language": lambda value, locale: word("language", value, locale),
}


def shown_details(
    details: Mapping[str, Any], locale: str, *, for_staff: bool = False, action: str | None = None
) -> list[str]:
    """The details of an event of the log, each with what it is called: for the customer it is about, or for staff.

    Where the event's `action` is known, a detail may have a name of its own among its details.
    """
    codes = {**_DETAIL_CODES, "source": ("staff_source",)} if for_staff else _DETAIL_CODES
    return [
        f"{_detail_name(key, action, locale)}: {_detail_value(key, details[key], locale, codes)}"
        for key in sorted(details)
    ]


def _detail_name(key: str, action: str | None, locale: str) -> str:
    own = f"privacy.detail.{action}.{key}"
    return text(own, locale) if own in TEXTS else word("privacy.detail", key, locale)


def _detail_value(key: str, value: Any, locale: str, codes: Mapping[str, tuple[str, ...]]) -> str:
    if isinstance(value, list):
        return ", ".join(_detail_value(key, item, locale, codes) for item in value) or "–"
    if key == "fields":
        code = label_code("customer", str(value))
        return text(code, locale) if code in TEXTS else str(value)
    if key == "month":
        return formats.format_month(str(value), locale)
    if isinstance(value, str) and key in codes:
        known = (f"{prefix}.{value}" for prefix in codes[key])
        return next((text(code, locale) for code in known if code in TEXTS), value)
    return "–" if value is None else shown("", key, value, locale)


# Where the words of a detail's code stand; the first that has one counts.
_DETAIL_CODES = {
    "area": ("privacy.attempts",),
    "before": ("role",),
    "channel": ("access_request.channel",),
    "choice": ("consent.event",),
    "filters": ("audit_filter",),
    "kind": ("consent.kind", "privacy.message", "privacy.searched"),
    "limit": ("privacy.attempts",),
    "note": ("access_request.note",),
    "page": ("staff_page",),
    "permission": ("permission",),
    "purpose": ("opening_purpose",),
    "check": ("request_step.identity-confirmed.way",),
    "reason": ("privacy.reason", "audit_check", "disabling", "factor_removal"),
    "role": ("role",),
    "searched": ("request_check.source",),
    "source": ("source",),
    "state": ("access_request.state",),
    "type": ("announcement.type",),
}
