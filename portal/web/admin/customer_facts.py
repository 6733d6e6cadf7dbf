"""A customer's details as rows of the file: each value with where it came from and when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template, url_for
from flask_login import current_user
from markupsafe import Markup

from portal.rules.formats import format_datetime
from portal.rules.phone import display_phone
from portal.rules.staff_roles import Permission, may
from portal.rules.texts import text
from portal.rules.texts.fields import label_code
from portal.services.register.contact_correction import PARTS
from portal.services.register.customer_file import CustomerFile
from portal.web.forms import language_choices
from portal.web.language import current_locale


def shown_details(file: CustomerFile) -> list[dict[str, Any]]:
    """The parts of the contact details, in the order in which they are corrected."""
    return [_row(file, part) for part in PARTS]


def shown_changes(file: CustomerFile) -> list[dict[str, Any]]:
    """The history: when, what, the value before, where it came from, and who wrote it down."""
    locale = current_locale()
    return [
        {
            "when": format_datetime(change.changed_at, locale),
            "field": text(label_code("customer", change.field), locale),
            "before": _value(change.field, change.old_value),
            "source": text(f"staff_source.{change.source}", locale),
            "who": change.staff_name or text(f"actor.{change.actor_kind}", locale),
        }
        for change in file.changes
    ]


def field_names(fields: Iterable[str]) -> str:
    """The names of a customer's details, in one line."""
    return ", ".join(text(label_code("customer", field), current_locale()) for field in fields)


def _row(file: CustomerFile, part: str) -> dict[str, Any]:
    locale, fields = current_locale(), PARTS[part].fields
    values = [_value(field, getattr(file.customer, field)) for field in fields]
    shown = _address(file.customer) if part == "address" else " ".join(value for value in values if value)
    # What nobody ever gave has no origin; what was taken away has one.
    known = shown or any(field in file.sources for field in fields)
    row: dict[str, Any] = {
        "key": text(f"correction.part.{part}", locale),
        "value": shown,
        "note": _origin(file, fields) if known else None,
    }
    if may(current_user.role, Permission.CORRECT_CONTACT):
        row["url"] = url_for("admin.correct", customer=file.customer.uuid, part=part)
    return row


def _origin(file: CustomerFile, fields: tuple[str, ...]) -> str:
    """The newest change of the part's fields; what never changed is from when the customer came."""
    locale = current_locale()
    changes = [file.sources[field] for field in fields if field in file.sources]
    if changes:
        newest = max(changes, key=lambda change: change.changed_at)
        source, moment = newest.source, newest.changed_at
    else:
        source, moment = file.customer.source, file.customer.created_at
    return f"{text(f'staff_source.{source}', locale)} · {format_datetime(moment, locale)}"


def _value(field: str, value: str | None) -> str | None:
    if value and field == "phone":
        return display_phone(value, current_locale())
    if value and field == "language":
        return dict(language_choices()).get(value, value)
    return value


def _address(customer: Any) -> Markup | None:
    if not (customer.street or customer.postal_code or customer.city):
        return None
    return Markup(render_template("admin/address.html", customer=customer))  # noqa: S704 (rendered with autoescape)
