"""The interests that the customer tells: what was told and when, and changing it."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date
from portal.rules.interests import LONGEST_WORDS, MOST_WORDS
from portal.rules.texts import text
from portal.services.choices import consents, interests
from portal.web import access
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import flash_code, page
from portal.web.personalisation.forms import InterestsForm
from portal.web.transaction import current_context, transaction


@access.customer
def change() -> ResponseReturnValue:
    """GET, POST /account/interests."""
    customer_id = current_user.customer_id
    told = interests.read(current_context(), customer_id)
    form = InterestsForm(data=_present(told))
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                changed = interests.save(
                    context, customer_id, form.row_version(), form.topics.data or [], form.words.data or ""
                )
            flash_code("interest.saved" if changed else "interest.unchanged", "success" if changed else "info")
            return redirect(url_for("personalisation.interests"), 303)
    return page(
        "personalisation/interests.html",
        form=form,
        told=[_shown(row) for row in told],
        on=consents.may_derive(current_context(), customer_id),
        limits={"number": MOST_WORDS, "length": LONGEST_WORDS},
    )


def _present(told: Any) -> dict[str, Any]:
    """What the form is filled from. What was sent goes before it."""
    if request.method == "POST":
        return {}
    return {
        "version": str(interests.version_of(told)),
        "topics": [row.topic for row in told if row.topic],
        "words": "\n".join(row.words for row in told if row.words),
    }


def _shown(row: Any) -> dict[str, str]:
    locale = current_locale()
    day = format_date(helsinki_date(row.told_at), locale)
    name = text(f"interest.topic.{row.topic}", locale) if row.topic else row.words
    return {"name": name, "note": f"{text(f'source.{row.source}', locale)}, {day}"}
