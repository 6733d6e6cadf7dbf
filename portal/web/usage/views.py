"""What usage statistics hold about the customer: every page view, newest first, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.clock import helsinki_date
from portal.rules.consents import KINDS, USAGE
from portal.rules.formats import format_date, format_date_iso, format_time
from portal.rules.shown_values import word
from portal.services.choices import consents, usage
from portal.web import access
from portal.web.consent_rows import shown_states
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /privacy/usage: what was collected, and whether anything is collected now. Parameter: after."""
    context, customer_id, after = current_context(), current_user.customer_id, request.args.get("after")
    try:
        found = usage.read(context, customer_id, after)
    except ValueError:
        abort(400)
    switch = consents.read_one(context, customer_id, KINDS[USAGE], current_locale())
    return page(
        "usage/views.html",
        on=switch.on,
        state=shown_states([switch])[USAGE],
        days=[_shown_day(day, views) for day, views in groupby(found.rows, lambda view: helsinki_date(view.viewed_at))],
        newest_url=url_for("usage.show") if after else None,
        older_url=url_for("usage.show", after=found.older) if found.older else None,
    )


def _shown_day(day: Any, views: Iterable[Any]) -> dict[str, Any]:
    locale = current_locale()
    return {
        "day": format_date(day, locale),
        "url": url_for("usage.delete_day", day=format_date_iso(day)),
        "views": [
            {
                "page": word("page", view.page, locale),
                "time": format_time(view.viewed_at, locale),
                "url": url_for("usage.delete_one", view=view.id),
            }
            for view in views
        ],
    }
