"""Access requests as employees read them: states, steps and sources in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.rules.access_requests import ON_PAPER, EventKind, State
from portal.rules.formats import format_date
from portal.rules.texts import text
from portal.services.data_copy.data_copies import UNFINISHED
from portal.services.requests.request_file import RequestFile
from portal.web.language import current_locale

# Where what hinders a step is done, and what that is called.
REMEDIES = {
    "access_request.demand.checklist": ("admin.request_checklist", "request_remedy.checklist"),
    "access_request.demand.copy": ("admin.request_copy", "request_remedy.copy"),
    "request_copy.too_old": ("admin.request_copy", "request_remedy.new_copy"),
}
# Steps whose employee received them.
ABOUT_EMPLOYEE = (EventKind.ASSIGNED, EventKind.REMINDED)
# A question about identity that has its answer waits for us, not for the customer.
ANSWERED = "identity_answered"
STATE_KINDS: dict[str, str] = {
    State.RECEIVED: "info",
    State.IDENTITY_CHECK: "warn",
    ANSWERED: "warn",
    State.IN_PROGRESS: "info",
    State.EXTENDED: "info",
    State.ANSWERED: "ok",
    State.PARTLY_ANSWERED: "ok",
    State.REFUSED: "bad",
    State.WITHDRAWN: "muted",
}
ICONS: dict[str, str] = {
    State.RECEIVED: "inbox",
    ANSWERED: "envelope",
    State.IDENTITY_CHECK: "hourglass-split",
    State.EXTENDED: "calendar3",
}


def shown_states() -> dict[str, dict[str, str | None]]:
    """Every state as its tag shows it to employees."""
    locale = current_locale()
    return {
        state: {"kind": kind, "word": text(f"request_state.{state}", locale), "icon": ICONS.get(state)}
        for state, kind in STATE_KINDS.items()
    }


def shown_to_do(file: RequestFile, on_paper: str) -> str | None:
    """The text code of what is left to be printed after a letter, None when it is nothing that a letter leaves."""
    return f"request_to_do.{on_paper}" if on_paper in ON_PAPER and file.letters else None


def shown_hindrances(file: RequestFile, steps: Iterable[str]) -> dict[str, Any]:
    """What is left to do before any of these steps, each once with its page (`before`), and what else makes one
    impossible, by its name (`hindered`)."""
    locale = current_locale()
    before: dict[str, dict[str, str]] = {}
    hindered: dict[str, list[str]] = {}
    for step in steps:
        for problem in file.hindered.get(step, []):
            if problem.code in REMEDIES:
                place, label = REMEDIES[problem.code]
                if place == "admin.request_copy" and file.copy and file.copy.state in UNFINISHED:
                    label = "request_remedy.wait"
                before[problem.code] = {"page": place, "text": text(label, locale, **problem.params)}
            else:
                hindered.setdefault(step, []).append(text(problem.code, locale, **problem.params))
    return {"before": list(before.values()), "hindered": hindered}


def shown_reckoning(file: RequestFile) -> list[str]:
    """How the deadline came about, one sentence a step."""
    locale = current_locale()
    return [
        text(
            reason.code,
            locale,
            date=format_date(reason.day, locale),
            days=reason.days,
            since=format_date(reason.since, locale) if reason.since else "",
        )
        for reason in file.reckoning
    ]


def shown_categories(file: RequestFile) -> str:
    """The kinds of data that were chosen; empty when everything is asked for."""
    return ", ".join(text(f"request_entry.category.{code}", current_locale()) for code in file.row.categories)


def shown_events(file: RequestFile) -> list[dict[str, Any]]:
    """The steps so far, with who took them, and the customer's answers about identity, of which the day is known."""
    locale = current_locale()
    shown: list[dict[str, Any]] = []
    for event in file.events:
        shown.append(
            {
                "title": text(f"request_event.{event.kind}", locale),
                "who": _who(file, event, locale),
                "moment": event.occurred_at,
                "day": None,
                "reason": event.reason,
                "late_reason": event.late_reason,
                "letter": event.number,
            }
        )
        if event.id in file.answers:
            answered = text("request_event.identity_answered", locale)
            answer = {"title": answered, "who": text("actor.customer", locale), "day": file.answers[event.id]}
            shown.append({**dict.fromkeys(("moment", "reason", "late_reason", "letter")), **answer})
    return shown


def _who(file: RequestFile, event: Any, locale: str) -> str:
    """Who took a step. Some name the employee they are about, and who gave the request to them."""
    acting = text(f"actor.{event.actor_kind}", locale)
    if event.staff_name is None:
        return acting
    if event.kind in ABOUT_EMPLOYEE:
        acting = file.assigners.get(event.occurred_at, acting) if event.kind == EventKind.ASSIGNED else acting
        return text("request_event.to_employee", locale, actor=acting, name=event.staff_name)
    return str(event.staff_name)
