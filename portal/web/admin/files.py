"""The file of a customer who was opened for a purpose."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.staff_roles import Permission, may
from portal.services.register import customer_file, customer_openings
from portal.services.requests import request_file
from portal.web import access
from portal.web.admin.customer_facts import shown_changes, shown_details
from portal.web.admin.request_rows import shown_states
from portal.web.order_rows import shown_statuses
from portal.web.pages import page
from portal.web.transaction import current_context


@access.staff("customers.open")
def show(customer: UUID) -> ResponseReturnValue:
    """GET /admin/customers/<uuid>: the file, or first the question what it is opened for."""
    context = current_context()
    opening = customer_openings.current(context, customer)
    if opening is None:
        return redirect(url_for("admin.open_customer", customer=customer), 303)
    file = customer_file.view(context, opening.customer_id)
    return page(
        "admin/customer.html",
        file=file,
        opening=opening,
        details=shown_details(file),
        changes=shown_changes(file),
        statuses={status.code: status for status in shown_statuses(file.orders)},
        may_end_sessions=may(current_user.role, Permission.END_SESSIONS),
        may_disable=may(current_user.role, Permission.DISABLE_ACCOUNT),
        may_remove_factor=may(current_user.role, Permission.REMOVE_FACTOR),
        may_start_reset=may(current_user.role, Permission.START_RESET),
        shown=customer_file.LATEST,
        requests=request_file.of_customer(context, opening.customer_id),
        states=shown_states(),
        may_enter=may(current_user.role, Permission.ENTER_REQUESTS),
    )
