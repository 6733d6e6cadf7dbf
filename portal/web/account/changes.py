"""How the customer's details have changed."""

from __future__ import annotations

from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.countries import country_name
from portal.rules.phone import display_phone
from portal.rules.texts import text
from portal.services.register import profile
from portal.services.register.profile import Step
from portal.web import access
from portal.web.forms import language_choices
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /account/profile/history: each change with the value before and after it, its source, time and maker.

    Parameter: after.
    """
    after = request.args.get("after")
    try:
        found = profile.changes(current_context(), current_user.customer_id, after)
    except ValueError:
        abort(400)
    return page(
        "account/history.html",
        steps=[_shown_step(step, current_locale()) for step in found.steps],
        newest_url=url_for("account.history") if after else None,
        older_url=url_for("account.history", after=found.older) if found.older else None,
    )


def _shown_step(step: Step, locale: str) -> dict[str, Any]:
    return {
        "detail": text(f"profile.field.{step.field}", locale),
        "before": _shown(step.field, step.before, locale),
        "after": _shown(step.field, step.after, locale),
        "when": step.changed_at,
        "source": text(f"source.{step.source}", locale),
        "actor": text(f"profile.actor.{step.actor_kind}", locale),
    }


def _shown(field: str, value: str | None, locale: str) -> str | None:
    """A stored value as it is read on a page."""
    if not value:
        return None
    if field == "phone":
        return display_phone(value, locale)
    if field == "country":
        return country_name(value, locale)
    if field == "language":
        return dict(language_choices()).get(value, value)
    return value
