"""The receipt of an access request as a PDF: made from the stored request alone, so that it is the same every time."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import Row

from portal.rules import deadlines
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.formats import format_date, format_datetime
from portal.rules.identity_codes import is_masked
from portal.rules.phone import display_phone
from portal.rules.texts import text
from portal.services.foundation import documents
from portal.services.foundation.documents import Block, Bullets, Code, Document, Facts, Heading, Paragraph, Quote
from portal.services.requests import access_requests

NEXT = ("gather", "identity", "extension", "answer", "free")


def receipt(context: Context, customer_id: int, reference: str) -> bytes:
    """The receipt in the language of the request. Raises `NotFound` when there is none of that number, or it is
    somebody else's."""
    return documents.render(document(access_requests.own_one(context, customer_id, reference).request))


def document(request: Row[Any]) -> Document:
    """The receipt as blocks. The deadline is that of the day of receipt: what moves it later has letters of its own.

    It carries the day on which it was written, and promises no day that had passed by then."""
    language: str = request.language
    written_on = helsinki_date(request.created_at)
    late = deadlines.is_over(request.received_on, today=written_on)
    due_on = format_date(deadlines.due(request.received_on, today=request.received_on), language)
    received_on = format_date(request.received_on, language)
    facts = (
        (_text("number", language), request.reference),
        (_text("received", language), _received(request, language)),
        (_text("channel", language), text(f"access_request.channel.{request.channel}", language)),
        (_text("deadline", language), due_on),
    )
    following = tuple(
        _text(f"next.{code}", language, day=due_on) for code in NEXT if not (late and code == "extension")
    )
    lead = _text(
        "lead_late" if late else "lead", language, reference=request.reference, received=received_on, day=due_on
    )
    blocks = (
        Paragraph(lead),
        Facts(facts),
        *_words(request, language),
        Heading(_text("next", language)),
        Bullets(following),
        Heading(_text("contact", language)),
        Facts(_controller(language)),
        Heading(text("access_request.remedies", language)),
        Paragraph(text("access_request.remedies.ombudsman", language)),
        Paragraph(text("access_request.remedies.court", language)),
    )
    return Document(
        title=_text("title", language),
        language=language,
        written_at=request.created_at.replace(microsecond=0),
        blocks=blocks,
        heading_lines=(format_date(written_on, language), request.reference),
    )


def _words(request: Row[Any], language: str) -> list[Block]:
    """What was asked and its check sum; where the paper shows other words than were written, it says so."""
    blocks: list[Block] = [
        Heading(_text("statement", language)),
        Quote(request.statement),
        Code(f"SHA-256 {request.statement_sha256}"),
        Paragraph(_text("sha256", language)),
    ]
    return [*blocks, Paragraph(_text("masked", language))] if is_masked(request.statement) else blocks


def _received(request: Row[Any], language: str) -> str:
    """The moment for a request of the account; of what came on paper the day is known."""
    if request.signed_at is not None:
        return format_datetime(request.signed_at, language)
    return format_date(request.received_on, language)


def _controller(language: str) -> tuple[tuple[str, str], ...]:
    controller = current_app.config["PORTAL_CONTROLLER"]
    address = f"{controller.street}, {controller.postal_code} {controller.city}"
    name = f"{controller.name} ({controller.business_id})" if controller.business_id else controller.name
    rows = (
        ("controller", name),
        ("register", controller.register(language)),
        ("address", address),
        ("email", controller.email),
        ("phone", display_phone(controller.phone, language) if controller.phone else ""),
        ("person", controller.contact_person),
    )
    return tuple((_text(code, language), value) for code, value in rows if value)


def _text(code: str, language: str, **params: object) -> str:
    return text(f"access_request.receipt.{code}", language, **params)
