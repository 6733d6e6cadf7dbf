"""Messages that did not go out: what stopped them, and sending them again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.rules.errors import RuleBroken
from portal.rules.mail_errors import error_text
from portal.rules.shown_values import word
from portal.services.messaging import outbox, staff_messages
from portal.services.messaging.staff_messages import Listed
from portal.web import access
from portal.web.language import current_locale
from portal.web.message_states import STATES, shown_state
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff("messages.handle")
def show() -> ResponseReturnValue:
    """GET /admin/messages, newest first. Parameters: status, after, before."""
    context, args = current_context(), request.args
    try:
        status = staff_messages.check_status(args.get("status", ""))
        found = staff_messages.listing(context, status, after=args.get("after", ""), before=args.get("before", ""))
    except ValueError:
        abort(400)
    with transaction() as writing:
        staff_messages.note_listing(writing)
    return page(
        "admin/messages.html",
        rows=[_shown(row) for row in found.rows],
        counts=staff_messages.counts(context),
        unsent=staff_messages.unsent(context),
        chosen=status,
        offered=staff_messages.OFFERED,
        states={code: shown_state(code) for code in STATES},
        newer_url=url_for("admin.messages", status=status, before=found.newer) if found.newer else None,
        older_url=url_for("admin.messages", status=status, after=found.older) if found.older else None,
    )


@access.staff("messages.handle")
def resend(message: UUID) -> ResponseReturnValue:
    """POST /admin/messages/<uuid>/resend: put one message back in line."""
    try:
        with transaction() as context:
            outbox.try_one_again(context, message)
        flash_code("message.resent")
    except RuleBroken as error:
        flash_code(error.problems[0].code, "info")
    return redirect(url_for("admin.messages"), 303)


@access.staff("messages.handle")
def resend_all() -> ResponseReturnValue:
    """POST /admin/messages/resend: put everything that failed back in line."""
    with transaction() as context:
        outbox.try_again(context)
    flash_code("message.resent_all")
    return redirect(url_for("admin.messages"), 303)


def _shown(row: Listed) -> dict[str, Any]:
    """A row: what it is about, whom it is for, and what stopped it."""
    locale = current_locale()
    return {
        "message": row,
        "title": word("privacy.message", row.kind, locale),
        "error": error_text(row.last_error, locale) if row.last_error else None,
        "can_resend": row.status == "failed" or (row.status == "waiting" and row.last_error is not None),
    }
