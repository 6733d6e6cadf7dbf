"""The blank form of an access request for printing, open to everybody."""

from __future__ import annotations

from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue

from portal.services.requests import request_form
from portal.web import access
from portal.web.transaction import current_context


@access.public
def blank(language: str) -> ResponseReturnValue:
    """GET /privacy-notice/access-request-<language>.pdf."""
    content = request_form.blank(current_context(), language)
    name = f"access-request-{language}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)
