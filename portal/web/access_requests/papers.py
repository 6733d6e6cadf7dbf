"""The receipt and letters of a request as PDF files, and what came with messages. All names are ours (SECURITY 57)."""

from __future__ import annotations

from flask import Response, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.foundation.stored_files import FileFacts
from portal.services.requests import access_request_papers, access_request_receipts
from portal.web import access
from portal.web.transaction import current_context


@access.file_on("access_requests.detail")
@access.customer
def receipt(reference: str) -> ResponseReturnValue:
    """GET /privacy/access-requests/<reference>/receipt.pdf: made anew, and the same, every time."""
    content = access_request_receipts.receipt(current_context(), current_user.customer_id, reference)
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{reference}.pdf")
    return answer


@access.file_on("access_requests.detail")
@access.customer
def letter(reference: str, number: str) -> ResponseReturnValue:
    """GET /privacy/access-requests/<reference>/letters/<number>.pdf."""
    found = access_request_papers.open_letter(current_context(), current_user.customer_id, reference, number)
    return _sent(found)


@access.file_on("access_requests.detail")
@access.customer
def file(reference: str, file: int) -> ResponseReturnValue:
    """GET /privacy/access-requests/<reference>/files/<file>: what came with a message about the request."""
    return _sent(access_request_papers.open_file(current_context(), current_user.customer_id, reference, file))


def _sent(found: FileFacts) -> ResponseReturnValue:
    """The type is what the bytes are; no browser opens it in the portal (SECURITY 53-57)."""
    return send_file(found.path, mimetype=found.media_type, as_attachment=True, download_name=found.name)
