"""The receipt and the letters of a request as PDF files. Their names are ours (SECURITY 57)."""

from __future__ import annotations

from flask import Response, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.requests import access_request_papers, access_request_receipts
from portal.web import access
from portal.web.transaction import current_context


@access.customer
def receipt(reference: str) -> ResponseReturnValue:
    """GET /privacy/access-requests/<reference>/receipt.pdf: made anew, and the same, every time."""
    content = access_request_receipts.receipt(current_context(), current_user.customer_id, reference)
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{reference}.pdf")
    return answer


@access.customer
def letter(reference: str, number: str) -> ResponseReturnValue:
    """GET /privacy/access-requests/<reference>/letters/<number>.pdf."""
    found = access_request_papers.open_letter(current_context(), current_user.customer_id, reference, number)
    return send_file(found.path, mimetype=found.media_type, as_attachment=True, download_name=found.name)
