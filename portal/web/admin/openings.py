"""The question before a customer opens: what for? (register notice §9)"""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.services.register import customer_openings
from portal.web import access
from portal.web.admin.entering import following
from portal.web.admin.forms import OpeningForm
from portal.web.forms import rules_on
from portal.web.pages import page
from portal.web.transaction import current_context, transaction


@access.staff("customers.open")
def show(customer: UUID) -> ResponseReturnValue:
    """GET and POST /admin/customers/<uuid>/open: choose a purpose, which is written down, and go on."""
    subject = customer_openings.subject_of(current_context(), customer)
    form = OpeningForm()
    if form.validate_on_submit():
        with rules_on(form), transaction() as context:
            customer_openings.open_customer(context, customer, form.purpose.data or "")
        if not form.errors:
            return redirect(
                following() if "next" in request.args else url_for("admin.customer", customer=customer), 303
            )
    return page("admin/open_customer.html", form=form, subject=subject)
