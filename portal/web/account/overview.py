"""The first page of a customer who is logged in."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.web import access
from portal.web.pages import page


@access.customer
def show() -> ResponseReturnValue:
    """GET /account: the latest orders and what is left to do."""
    return page("account/overview.html")
