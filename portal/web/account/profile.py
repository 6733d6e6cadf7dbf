"""The contact details of the customer."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.web import access
from portal.web.pages import page


@access.customer
def show() -> ResponseReturnValue:
    """GET /account/profile: every contact detail."""
    return page("account/profile.html")
