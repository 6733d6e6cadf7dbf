"""The order history."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.web import access
from portal.web.pages import page


@access.customer
def show() -> ResponseReturnValue:
    """GET /orders: the customer's orders, newest first."""
    return page("orders/history.html")
