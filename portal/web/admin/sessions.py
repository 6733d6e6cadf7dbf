"""Where a customer is logged in, and ending all of it at the customer's word (SECURITY 23)."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.services.accounts import session_list
from portal.services.register import customer_openings
from portal.services.register.customer_openings import Opening
from portal.web import access
from portal.web.admin.opened_customers import opened
from portal.web.forms import ButtonForm
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff("sessions.end")
@opened
def show(customer: UUID, opening: Opening) -> ResponseReturnValue:
    """GET, POST /admin/customers/<uuid>/sessions: the browsers; a POST ends them all."""
    account_id = session_list.account_of(current_context(), opening.customer_id)
    form = ButtonForm()
    if form.validate_on_submit():
        with transaction() as context:
            customer_openings.require(context, customer)
            session_list.end_everything(context, account_id)
        flash_code("sessions.all_ended")
        return redirect(url_for("admin.customer_sessions", customer=customer), 303)
    context = current_context()
    subject = customer_openings.subject_of(context, customer)
    return page("admin/sessions.html", form=form, subject=subject, lines=session_list.read(context, account_id))
