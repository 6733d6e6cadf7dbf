"""What was derived from the customer's purchases, each fact with its reason, and what it is used for."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.consents import KINDS, PERSONALISATION
from portal.rules.formats import format_datetime
from portal.services.choices import consents, personalisation
from portal.web import access
from portal.web.consent_rows import shown_states
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.suggestion_rows import shown_facts
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /privacy/suggestions."""
    context, customer_id, locale = current_context(), current_user.customer_id, current_locale()
    switch = consents.read_one(context, customer_id, KINDS[PERSONALISATION], locale)
    rows = personalisation.facts(context, customer_id)
    return page(
        "personalisation/suggestions.html",
        on=switch.on,
        state=shown_states([switch])[PERSONALISATION],
        facts=shown_facts(rows),
        derived_at=format_datetime(rows[0].derived_at, locale) if rows else None,
    )
