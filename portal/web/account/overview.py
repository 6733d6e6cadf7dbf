"""The first page of a customer who is logged in."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services import overview
from portal.services.requests import access_requests
from portal.web import access
from portal.web.access_request_rows import shown_requests
from portal.web.order_rows import shown_orders
from portal.web.pages import page
from portal.web.suggestion_rows import shown_facts
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /account: latest orders, open access requests, what is left to do, and suggestions where they are wanted."""
    context, customer_id = current_context(), current_user.customer_id
    found, waiting = overview.read(context, customer_id), overview.waiting(context, customer_id)
    return page(
        "account/overview.html",
        details=found.profile,
        removal=waiting.removal,
        requests=shown_requests(access_requests.own_open(context, customer_id)),
        copies=waiting.copies,
        orders=shown_orders(found.latest),
        unpaid=shown_orders(found.unpaid),
        failed={row.number for row in found.unpaid if row.status == "failed"},
        suggestions=shown_facts(found.suggestions),
    )
