"""The blank form of an access request, for whoever would rather write on paper. It asks for no more than is needed."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from flask import current_app

from portal.rules.access_requests import DELIVERIES, SCOPES
from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.rules.texts import LOCALES, text
from portal.services.foundation import documents
from portal.services.foundation.documents import Blank, Block, Choice, Document, Heading, Paragraph

# The day of the form's text, so that the same form is the same file.
WRITTEN = datetime(2026, 11, 26, tzinfo=UTC)


def blank(context: Context, language: str) -> bytes:
    """The form in a language, as a tagged PDF. Raises `NotFound` for a language that the portal does not speak."""
    if language not in LOCALES:
        raise NotFound
    controller = current_app.config["PORTAL_CONTROLLER"]
    return _rendered(language, controller.name, _where(controller))


@cache
def _rendered(language: str, controller: str, where: str) -> bytes:
    """Rendered once for each language: nothing in it is anybody's."""
    title = text("request_form.title", language)
    return documents.render(Document(title, language, WRITTEN, _blocks(language, controller, where)))


def _blocks(language: str, controller: str, where: str) -> tuple[Block, ...]:
    def say(code: str) -> str:
        return text(f"request_form.{code}", language)

    scope = tuple(text(f"access_request.scope.{scope}", language) for scope in SCOPES)
    return (
        Paragraph(text("request_form.intro", language, controller=controller)),
        Heading(say("who")),
        Blank(say("name")),
        Blank(say("known"), hint=say("known_hint")),
        Blank(say("address"), lines=2),
        Heading(say("what")),
        Choice(say("scope"), scope),
        Blank(say("part"), lines=2),
        Choice(say("delivery"), tuple(say(f"delivery.{delivery}") for delivery in DELIVERIES)),
        Blank(say("date")),
        Blank(say("signature"), hint=say("signature_hint")),
        Heading(say("send")),
        Paragraph(where),
    )


def _where(controller: object) -> str:
    parts = ("name", "street", "postal_code", "city", "email")
    name, street, postal_code, city, email = (str(getattr(controller, part)) for part in parts)
    return f"{name}, {street}, {postal_code} {city}\n{email}"
