"""Consents and prohibitions as they are read on pages: how each stands, and how it came about."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from flask import abort, request, url_for

from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.formats import format_date, format_datetime
from portal.rules.texts import text
from portal.services.choices import consents, staff_consents
from portal.services.choices.consents import Switch
from portal.web.language import current_locale


def new_submission() -> str:
    """The random name of a form, by which the same one sent twice is known."""
    return secrets.token_hex(16)


def history_part(
    context: Context, customer_id: int, endpoint: str, *, for_staff: bool = False, **values: Any
) -> dict[str, Any]:
    """What a template is given of the history: the part that the request asks for (parameter: after), and the ways to
    the newest and to what is older, which lead to the place on the page where it begins."""
    after = request.args.get("after")
    try:
        found = consents.history(context, customer_id, after)
    except ValueError:
        abort(400)
    here = partial(url_for, endpoint, _anchor="history", **values)
    return {
        "history": shown_history(found.rows, staff_consents.unconfirmed(context, found.rows) if for_staff else None),
        "newest_url": here() if after else None,
        "older_url": here(after=found.older) if found.older else None,
    }


def shown_states(switches: Iterable[Switch]) -> dict[str, str]:
    """How each switch stands and since when, by the code of its kind."""
    return {item.kind.code: _state(item) for item in switches}


def shown_history(events: Iterable[Any], unconfirmed: Collection[int] | None = None) -> list[dict[str, Any]]:
    """The events as a reader sees them: the customer, or, with the numbers of those that are to be confirmed by letter,
    an employee, who also sees which colleague wrote them down."""
    locale, for_staff = current_locale(), unconfirmed is not None
    return [
        {
            "what": text(f"consent.event.{event.action}", locale),
            "kind": text(f"consent.kind.{event.kind}", locale),
            "when": format_datetime(event.recorded_at, locale),
            "how": _how(event, for_staff),
            "language": event.language,
            "words": event.wording.splitlines(),
            "version": event.wording_version,
            **_letter(event, unconfirmed or (), locale),
            "kind_of_tag": "ok" if event.action in ("given", "allowed") else "muted",
        }
        for event in events
    ]


def _letter(event: Any, unconfirmed: Collection[int], locale: str) -> dict[str, Any]:
    """What is told of the letter that confirms an event, and the number of the event where there is one to print."""
    if event.posted_on:
        posted = text("consent.letter_posted", locale, date=format_date(event.posted_on, locale))
        return {"confirmation": posted, "letter": event.id}
    due = event.id in unconfirmed
    return {"confirmation": text("consent.unconfirmed", locale) if due else None, "letter": event.id if due else None}


def _state(item: Switch) -> str:
    locale = current_locale()
    if item.latest is None:
        return text(f"consent.state.untold.{item.rule}", locale)
    day = format_date(helsinki_date(item.latest.recorded_at), locale)
    return text(f"consent.state.{item.latest.action}", locale, date=day)


def _how(event: Any, for_staff: bool) -> str:
    """In which way, and who did it. Nobody is logged in who follows the link of a mail, and nobody is taken to be the
    customer; an e-mail to the company is written down by an employee."""
    locale = current_locale()
    if event.actor_kind == "anonymous":
        return text("consent.how.unsubscribe" if for_staff else "consent.who.anonymous", locale)
    how = text(f"consent.how.{event.source}", locale)
    who = text(f"{'actor' if for_staff else 'profile.actor'}.{event.actor_kind}", locale)
    return f"{how} · {event.staff_name or who if for_staff else who}"
