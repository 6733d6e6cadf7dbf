"""An employee disables a customer's account, or enables it again (SECURITY 22)."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.services.accounts import account_disabling
from portal.services.accounts.account_disabling import State
from portal.services.register import customer_openings
from portal.services.register.customer_openings import Opening
from portal.services.requests import requests_in_portal
from portal.web import access
from portal.web.admin.forms import DisablingForm
from portal.web.admin.opened_customers import opened
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff_fresh("accounts.disable")
@opened
def show(customer: UUID, opening: Opening) -> ResponseReturnValue:
    """GET, POST /admin/customers/<uuid>/access: what disabling or enabling does; a POST does it."""
    now = account_disabling.state(current_context(), opening.customer_id)
    form = DisablingForm(version=now.version)
    if form.validate_on_submit():
        with rules_on(form):
            _turn(customer, opening.customer_id, now, form)
            return redirect(url_for("admin.customer", customer=customer), 303)
    # Somebody else may have been first: what is shown is what holds now.
    now = account_disabling.state(current_context(), opening.customer_id)
    subject = customer_openings.subject_of(current_context(), customer)
    requests = requests_in_portal.of_customer(current_context(), opening.customer_id)
    return page("admin/customer_access.html", form=form, subject=subject, account=now, requests=requests)


def _turn(customer: UUID, customer_id: int, seen: State, form: DisablingForm) -> None:
    with transaction() as context:
        customer_openings.require(context, customer)
        if seen.disabled_at is None:
            account_disabling.disable(context, customer_id, form.reason.data or "", form.row_version())
        else:
            account_disabling.enable(context, customer_id, form.row_version())
    flash_code("disabling.done" if seen.disabled_at is None else "disabling.undone")
