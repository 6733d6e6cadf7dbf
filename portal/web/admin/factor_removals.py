"""An employee has a customer's second factor removed after a wait, or stops that (SECURITY 16, 22)."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request
from flask.typing import ResponseReturnValue

from portal.services.accounts import factor_removal, passkeys
from portal.services.accounts.factor_removal import State
from portal.services.register import customer_openings, young_contacts
from portal.services.register.customer_openings import Opening
from portal.web import access
from portal.web.admin.customer_facts import field_names
from portal.web.admin.forms import FactorRemovalForm
from portal.web.admin.opened_customers import opened
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff_fresh("factors.remove")
@opened
def show(customer: UUID, opening: Opening) -> ResponseReturnValue:
    """GET, POST /admin/customers/<uuid>/second-factor: what the removal does; a POST asks for it or stops it."""
    now = factor_removal.state(current_context(), opening.customer_id)
    form = FactorRemovalForm(version=now.version)
    if form.validate_on_submit():
        with rules_on(form):
            _turn(customer, opening.customer_id, now, form)
            # Back to the page that says until when it waits.
            return redirect(request.path, 303)
    now = factor_removal.state(current_context(), opening.customer_id)
    subject = customer_openings.subject_of(current_context(), customer)
    known = len(passkeys.listing(current_context(), passkeys.of_account(now.account_id)))
    young = field_names(young_contacts.changed(current_context(), opening.customer_id))
    return page("admin/factor_removal.html", form=form, subject=subject, account=now, passkeys=known, young=young)


def _turn(customer: UUID, customer_id: int, seen: State, form: FactorRemovalForm) -> None:
    reason, check, version = form.reason.data or "", form.check.data or "", form.row_version()
    with transaction() as context:
        customer_openings.require(context, customer)
        if seen.asked_at is None:
            factor_removal.begin(context, customer_id, reason, check, version)
        else:
            factor_removal.stop(context, customer_id, version)
    flash_code("factor_removal.asked" if seen.asked_at is None else "factor_removal.stopped")
