"""The list of messages."""

from __future__ import annotations

from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.shown_values import word
from portal.services.messaging import messages
from portal.web import access
from portal.web.language import current_locale
from portal.web.message_states import STATES, shown_state
from portal.web.pages import page
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /messages: the customer's messages, newest first. Parameters: after, before."""
    args = request.args
    try:
        found = messages.listing(
            current_context(), current_user.customer_id, after=args.get("after"), before=args.get("before")
        )
    except ValueError:
        abort(400)
    return page(
        "messages/listing.html",
        messages=[_shown(row) for row in found.rows],
        states={code: shown_state(code) for code in STATES},
        newer_url=url_for("messages.listing", before=found.newer) if found.newer else None,
        older_url=url_for("messages.listing", after=found.older) if found.older else None,
    )


def _shown(row: Any) -> dict[str, Any]:
    """A row: the subject that was sent, or what the message is about while there is none."""
    return {
        "name": row.uuid,
        "title": row.subject or word("privacy.message", row.kind, current_locale()),
        "language": row.language if row.subject and row.language != current_locale() else None,
        "status": row.status,
        "when": row.shown_at,
    }
