"""One order in full."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.orders import orders
from portal.web import access
from portal.web.order_details import shown_order
from portal.web.pages import page
from portal.web.transaction import current_context


@access.customer
def show(number: str) -> ResponseReturnValue:
    """GET /orders/<number>: the order, when it is the customer's own; else the page of an unknown address."""
    found = orders.detail(current_context(), current_user.customer_id, number)
    return page("orders/detail.html", **shown_order(found))
