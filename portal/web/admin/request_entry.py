"""Writing down a request that came by letter, e-mail, telephone or in the shop; every channel is accepted."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from uuid import UUID

from flask import redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.clock import helsinki_date
from portal.rules.errors import Problem, RuleBroken
from portal.rules.staff_roles import Permission, may
from portal.services.register import contact_correction, customer_openings
from portal.services.register.customer_openings import Opening
from portal.services.requests import access_request_receipts, access_requests, request_identity
from portal.web import access
from portal.web.admin.opened_customers import opened
from portal.web.admin.request_forms import EntryForm
from portal.web.admin.request_rows import shown_states
from portal.web.forms import rules_on
from portal.web.pages import page
from portal.web.transaction import current_context, transaction


@access.staff("requests.enter")
@opened
def enter(customer: UUID, opening: Opening) -> ResponseReturnValue:
    """GET and POST /admin/customers/<uuid>/requests/new."""
    context = current_context()
    language = contact_correction.current(context, customer, "language").values["language"]
    has_account = request_identity.has_account(context, opening.customer_id)
    form = EntryForm(language, helsinki_date(context.now), has_account=has_account)
    if form.validate_on_submit():
        with rules_on(form):
            reference = _store(form, opening.customer_id, helsinki_date(context.now))
            return redirect(url_for("admin.entered_request", customer=customer, reference=reference), 303)
    return page("admin/request_entry.html", form=form, subject=customer_openings.subject_of(context, customer))


def _store(form: EntryForm, customer_id: int, today: date) -> str:
    """Store the request. Raises `RuleBroken` naming everything that is wrong, a day that is none included."""
    day = form.day()
    wrong = [] if day else [Problem("received_on", "request_entry.day_invalid")]
    try:
        with transaction() as context:
            reference = access_requests.enter(context, customer_id, form.answers(), form.entry(day or today))
            if wrong:
                raise RuleBroken(*wrong)
    except RuleBroken as broken:
        raise RuleBroken(*wrong, *(problem for problem in broken.problems if problem not in wrong)) from None
    return reference


@access.staff("requests.enter")
@opened
def entered(customer: UUID, opening: Opening, reference: str) -> ResponseReturnValue:
    """GET /admin/customers/<uuid>/requests/<reference>: the number to tell the customer, and what happens next."""
    context = current_context()
    found = access_requests.own_one(context, opening.customer_id, reference)
    return page(
        "admin/request_entered.html",
        subject=customer_openings.subject_of(context, customer),
        found=found,
        late=max((helsinki_date(context.now) - found.deadline.due_on).days, 0),
        states=shown_states(),
        may_answer=may(current_user.role, Permission.ANSWER_REQUESTS),
    )


@access.file_on("admin.entered_request")
@access.staff("requests.enter")
@opened
def receipt(customer: UUID, opening: Opening, reference: str) -> ResponseReturnValue:
    """GET /admin/customers/<uuid>/requests/<reference>/receipt.pdf: for whoever gets it on paper."""
    context = current_context()
    content = access_request_receipts.receipt(context, opening.customer_id, reference)
    name = f"{reference}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)
