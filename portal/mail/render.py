"""A message's row becomes subject, text and HTML, in the message's own language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row, select

from portal.mail.facts import Facts
from portal.mail.kinds import KINDS
from portal.mail.links import page
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.formats import format_datetime
from portal.rules.phone import display_phone
from portal.rules.texts.spoken import speaking


@dataclass(frozen=True)
class Rendered:
    """What is sent. The subject is one line and holds no text of a user (SECURITY 51)."""

    subject: str
    text: str
    html: str


def render(message: Row[Any]) -> Rendered:
    """Render a message from its columns `kind`, `params`, `language`, `recipient`, `customer_id` and `created_at`.

    Raises `Obsolete` (of `portal.mail.kinds`) when the message need not be sent any more, and `ValueError` for a kind
    or parameters that the catalogue does not know.
    """
    kind = KINDS.get(message.kind)
    if kind is None or set(message.params) != kind.params:
        raise ValueError(f"The catalogue of messages does not know {message.kind!r} with {sorted(message.params)}.")
    values = {**_common(message, named=kind.named), **_written(kind.facts(message), message.language)}
    with speaking(message.language):
        subject = " ".join(_part(message.kind, "subject.txt", values).split())
        body = _part(message.kind, "body.txt", values).strip() + "\n"
        values |= {"subject": subject, "preview": _preview(body)}
        return Rendered(subject, body, _part(message.kind, "body.html", values))


def _common(message: Row[Any], *, named: bool) -> Facts:
    controller = current_app.config["PORTAL_CONTROLLER"]
    return {
        "locale": message.language,
        "name": _first_name(message.customer_id) if named else "",
        "moment": format_datetime(message.created_at, message.language),
        "portal": page(""),
        "login": page("login"),
        "forgot": page("forgot-password"),
        "controller": controller,
        "register": controller.register(message.language),
        "phone": display_phone(controller.phone, message.language) if controller.phone else "",
    }


def _preview(body: str) -> str:
    """What a mailbox shows beside the subject: the first paragraph after the greeting."""
    paragraphs = body.split("\n\n")
    return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else ""


def _first_name(customer_id: int | None) -> str:
    if customer_id is None:
        return ""
    name = connection().execute(select(Customer.first_name).where(Customer.id == customer_id)).scalar()
    return name or ""


def _written(facts: Facts, language: str) -> Facts:
    return {
        name: format_datetime(value, language) if isinstance(value, datetime) else value
        for name, value in facts.items()
    }


def _part(kind: str, part: str, values: Facts) -> str:
    # Without Flask's own rendering: its context belongs to a request, and mail is sent where there is none.
    return current_app.jinja_env.get_template(f"mail/{kind}/{part}").render(values)
