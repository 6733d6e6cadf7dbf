"""The first page of a customer who is logged in."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services import access_requests, overview
from portal.web import access
from portal.web.access_request_rows import shown_requests
from portal.web.order_rows import shown_orders
from portal.web.pages import page
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /account: the latest orders, access requests that are open, and what is left to do."""
    context, customer_id = current_context(), current_user.customer_id
    found = overview.read(context, customer_id)
    return page(
        "account/overview.html",
        details=found.profile,
        requests=shown_requests(access_requests.own_open(context, customer_id)),
        orders=shown_orders(found.latest),
        unpaid=shown_orders(found.unpaid),
    )
