"""The letter that confirms a consent by phone, for a customer without an e-mail address."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from portal.rules.clock import helsinki_date
from portal.services.choices import consent_letters
from portal.services.register import customer_openings
from portal.services.register.customer_openings import Opening
from portal.web import access
from portal.web.admin.forms import PostingForm
from portal.web.admin.opened_customers import opened
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff("consents.record")
@opened
def show(customer: UUID, opening: Opening, event: int) -> ResponseReturnValue:
    """GET, POST /admin/customers/<uuid>/consent-letters/<event>: what it says, and the day on which it was posted."""
    letter = consent_letters.find(current_context(), opening.customer_id, event)
    form = PostingForm(helsinki_date(current_context().now))
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                consent_letters.note_posted(context, customer, event, form.day())
            flash_code("consent_letter.noted")
            return redirect(url_for("admin.consents", customer=customer), 303)
    return page(
        "admin/consent_letter.html",
        form=form,
        letter=letter,
        subject=customer_openings.subject_of(current_context(), customer),
    )


@access.file_on("admin.consent_letter")
@access.staff("consents.record")
@opened
def download(_customer: UUID, opening: Opening, event: int) -> ResponseReturnValue:
    """GET /admin/customers/<uuid>/consent-letters/<event>.pdf: the letter for printing."""
    context = current_context()
    content = consent_letters.render(context, consent_letters.find(context, opening.customer_id, event))
    name = f"consent-{event}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)
