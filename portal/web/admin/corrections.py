"""Correcting a contact detail on the customer's word, with its source named."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.services.register import contact_correction, customer_openings
from portal.services.register.customer_openings import Opening
from portal.web import access
from portal.web.admin.forms import CORRECTIONS, CorrectionForm
from portal.web.admin.opened_customers import opened
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff("customers.correct")
@opened
def show(customer: UUID, _opening: Opening, part: str) -> ResponseReturnValue:
    """GET and POST /admin/customers/<uuid>/details/<part>."""
    if part not in CORRECTIONS:
        abort(404)
    subject = customer_openings.subject_of(current_context(), customer)
    now = contact_correction.current(current_context(), customer, part)
    form = CORRECTIONS[part](version=str(now.version), **now.values)
    if form.validate_on_submit():
        with rules_on(form):
            _store(customer, part, form)
            return redirect(url_for("admin.customer", customer=customer), 303)
    return page("admin/correct.html", form=form, part=part, subject=subject, locked=part == "email" and now.has_account)


def _store(customer: UUID, part: str, form: CorrectionForm) -> None:
    typed = {name: form[name].data or "" for name in contact_correction.PARTS[part].fields}
    with transaction() as context:
        changed = contact_correction.correct(
            context, customer, part, typed, source=form.source.data or "", version=form.row_version()
        )
    flash_code("correction.stored" if changed else "correction.unchanged", "success" if changed else "info")
