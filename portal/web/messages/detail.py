"""One message as it was sent."""

from __future__ import annotations

from uuid import UUID

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.mail_blocks import Block, blocks
from portal.rules.shown_values import word
from portal.services.messaging import messages
from portal.web import access
from portal.web.language import current_locale
from portal.web.message_states import shown_state
from portal.web.pages import page
from portal.web.transaction import current_context


@access.customer
def show(message: UUID) -> ResponseReturnValue:
    """GET /messages/<uuid>: subject and content as sent, when the message is the customer's own."""
    found = messages.detail(current_context(), current_user.customer_id, message)
    return page(
        "messages/detail.html",
        found=found,
        title=found.subject or word("privacy.message", found.kind, current_locale()),
        state=shown_state(found.status),
        blocks=_shown(found.html, found.subject) if found.html else [],
    )


def _shown(html: str, subject: str) -> list[Block]:
    """The paragraphs, without the heading that repeats the subject: it is the page's own."""
    found = blocks(html, current_app.config["PORTAL_BASE_URL"])
    return [block for block in found if (block.kind, *block.words) != ("heading", subject)]
