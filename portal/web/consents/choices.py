"""The customer's own switches, and below them everything that was ever chosen."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.services.choices import consent_changes, consents
from portal.web import access
from portal.web.consent_rows import history_part, shown_states
from portal.web.consents.forms import ConsentsForm
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.customer
def show() -> ResponseReturnValue:
    """GET, POST /privacy/consents: what was turned is saved with one button and in force at once. Parameter: after."""
    form, customer_id = ConsentsForm(), current_user.customer_id
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                turned = consent_changes.decide(
                    context, customer_id, form.wanted(), form.shown.data or "", form.submission.data or ""
                )
            flash_code("consent.saved" if turned else "consent.unchanged", "success" if turned else "info")
            return redirect(url_for("consents.show"), 303)
    context = current_context()
    choices = consents.read(context, customer_id, current_locale())
    form.present(choices)
    return page(
        "consents/consents.html",
        form=form,
        switches=choices.switches,
        states=shown_states(choices.switches),
        **history_part(context, customer_id, "consents.show"),
    )
