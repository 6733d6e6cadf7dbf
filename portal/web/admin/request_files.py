"""The files of a request, handed out as downloads: letters, attachments, and the copy, which is written down."""

from __future__ import annotations

from flask import send_file
from flask.typing import ResponseReturnValue

from portal.services.foundation.stored_files import FileFacts
from portal.services.requests import request_copies, request_letters, request_notes
from portal.services.requests.request_openings import Head
from portal.web import access
from portal.web.admin.opened_requests import opened
from portal.web.transaction import current_context, transaction


@access.file_on("admin.request")
@access.staff("requests.answer")
@opened
def letter(head: Head, number: str) -> ResponseReturnValue:
    """GET /admin/requests/<reference>/letters/<number>.pdf."""
    return _sent(request_letters.open_letter(current_context(), head.id, head.customer_id, number))


@access.file_on("admin.request")
@access.staff("requests.answer")
@opened
def attachment(head: Head, file: int) -> ResponseReturnValue:
    """GET /admin/requests/<reference>/files/<file>."""
    return _sent(request_notes.open_file(current_context(), head, file))


@access.file_on("admin.request")
@access.staff_fresh("requests.answer")
@opened
def copy(head: Head) -> ResponseReturnValue:
    """GET /admin/requests/<reference>/copy.zip: for the post or the shop, with a fresh proof of identity."""
    with transaction() as context:
        facts = request_copies.take(context, head.reference)
    return _sent(facts)


def _sent(facts: FileFacts) -> ResponseReturnValue:
    """The name is ours, the type what the bytes are; no browser opens it in the portal (SECURITY 53-57)."""
    return send_file(facts.path, mimetype=facts.media_type, as_attachment=True, download_name=facts.name)
