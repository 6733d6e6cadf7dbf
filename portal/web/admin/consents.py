"""A customer's consents and prohibitions, and writing down what the customer tells about one of them."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.consents import KINDS
from portal.rules.staff_roles import Permission, may
from portal.services.choices import consents, staff_consents
from portal.services.register import customer_openings
from portal.services.register.customer_openings import Opening
from portal.web import access
from portal.web.admin.forms import ConsentForm
from portal.web.admin.opened_customers import opened
from portal.web.consent_rows import history_part, shown_states
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff("customers.open")
@opened
def show(customer: UUID, opening: Opening) -> ResponseReturnValue:
    """GET /admin/customers/<uuid>/consents: how each choice stands and how it came about. Parameter: after."""
    context = current_context()
    switches = consents.read(context, opening.customer_id, current_locale()).switches
    return page(
        "admin/consents.html",
        subject=customer_openings.subject_of(context, customer),
        may_record=may(current_user.role, Permission.RECORD_CONSENTS),
        switches=switches,
        states=shown_states(switches),
        **history_part(context, opening.customer_id, "admin.consents", for_staff=True, customer=customer),
    )


@access.staff("consents.record")
@opened
def record(customer: UUID, opening: Opening, kind: str) -> ResponseReturnValue:
    """GET, POST /admin/customers/<uuid>/consents/<kind>."""
    if kind not in KINDS:
        abort(404)
    form = ConsentForm()
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                follows = staff_consents.record(context, customer, KINDS[kind], form.told())
            flash_code(follows)
            return redirect(url_for("admin.consents", customer=customer), 303)
    item = consents.read_one(current_context(), opening.customer_id, KINDS[kind], current_locale())
    form.present(item)
    return page(
        "admin/record_consent.html",
        form=form,
        item=item,
        state=shown_states([item])[kind],
        readings=consents.readings(current_context(), opening.customer_id, item),
        subject=customer_openings.subject_of(current_context(), customer),
    )
