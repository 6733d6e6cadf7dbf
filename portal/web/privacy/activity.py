"""Who looked at the customer's data, and what happened to them and to the account."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.register_labels import listed
from portal.rules.shown_values import shown_details, word
from portal.rules.texts import text
from portal.rules.texts.fields import label_code
from portal.services.register import activity
from portal.services.register.activity import Event, Look
from portal.web import access
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.privacy.labels import left_out_reason
from portal.web.transaction import current_context

# How the tag of each kind of actor looks.
WHO = {
    "customer": ("muted", "person"),
    "staff": ("info", "person-badge"),
    "anonymous": ("warn", "exclamation-triangle"),
}
SYSTEM = ("muted", "gear")
BY_LINK = ("muted", "envelope")
# What the list can be limited to, by the parameter `show`.
VIEWS = "views"
FILTERS = (None, VIEWS)


@access.customer
def show() -> ResponseReturnValue:
    """GET /privacy/activity: views, log-ins and changes, newest first. Parameters: show (of `FILTERS`), after."""
    after, limited = request.args.get("after"), request.args.get("show")
    if limited not in FILTERS:
        abort(400)
    try:
        found = activity.read(current_context(), current_user.customer_id, after, views=limited == VIEWS)
    except ValueError:
        abort(400)
    here = partial(url_for, "privacy.activity", show=limited)
    return page(
        "privacy/activity.html",
        events=[_shown_event(event) for event in found.events],
        left_out=[left_out_reason(reason, current_locale()) for reason in sorted(found.left_out)],
        filters=[_shown_filter(code, limited) for code in FILTERS],
        views_alone=limited is not None,
        newest_url=here() if after else None,
        older_url=here(after=found.older) if found.older else None,
    )


def _shown_filter(code: str | None, limited: str | None) -> dict[str, Any]:
    words = text(f"privacy.show.{code or 'everything'}", current_locale())
    return {"url": url_for("privacy.activity", show=code), "words": words, "current": code == limited}


def _shown_event(event: Event) -> dict[str, Any]:
    """A row: what happened, details of it, by whom as a kind, and why."""
    locale = current_locale()
    by_link = event.action == activity.CONSENT and event.who == "anonymous"
    kind, icon = BY_LINK if by_link else WHO.get(event.who, SYSTEM)
    return {
        "when": event.moment,
        "what": word("audit", event.action, locale),
        "detail": _detail(event, locale),
        "who": word("consent.who" if by_link else "privacy.who", event.who, locale),
        "role": word("role", event.role, locale) if event.role else None,
        "kind": kind,
        "icon": icon,
        "purpose": word("opening_purpose", event.purpose, locale) if event.purpose else None,
        "looks": [_shown_look(look, locale) for look in event.looks],
        "pages": sum(look.page is not None for look in event.looks),
    }


def _shown_look(look: Look, locale: str) -> dict[str, Any]:
    """One look of a day: its time, and which page it was."""
    what = word("staff_page", look.page, locale) if look.page else text("audit.staff.customer_opened", locale)
    if look.order:
        what = text("privacy.order", locale, number=look.order)
    return {"when": look.moment, "what": " · ".join(part for part in (what, look.request) if part)}


def _detail(event: Event, locale: str) -> str | None:
    parts = [listed(text(label_code("customer", field), locale) for field in event.fields)]
    if event.source:
        parts.append(word("source", event.source, locale))
    if event.request:
        parts.append(event.request)
    if event.state:
        parts.append(word("access_request.state", event.state, locale))
    if event.new_device:
        parts.append(text("privacy.new_device", locale))
    parts += _told(event, locale)
    return " · ".join(part for part in parts if part) or None


def _told(event: Event, locale: str) -> list[str]:
    """What was done: a consent by its name and choice, everything else as it stands in the log."""
    details = event.more
    if "choice" not in details:
        return shown_details(details, locale)
    choice, kind = word("consent.event", details["choice"], locale), word("consent.kind", details["kind"], locale)
    said = f"{choice}: {kind}"
    # Who followed the link of a mail did it in no other way.
    return [said] if event.who == "anonymous" else [said, word("source", details["source"], locale)]
