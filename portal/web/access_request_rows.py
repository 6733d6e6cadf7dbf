"""Access requests as their owner reads them: state, timeline and deadline in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import g
from flask_babel import ngettext

from portal.rules.access_requests import EventKind, State
from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date, format_datetime
from portal.rules.texts import text
from portal.services.requests.access_request_timeline import Step, answers, open_question, waits_for_customer
from portal.services.requests.access_requests import OwnRequest
from portal.web.addresses import url_for
from portal.web.language import current_locale

# How the tag of each state looks.
TAGS = {
    State.RECEIVED: ("info", "inbox"),
    State.IDENTITY_CHECK: ("warn", "exclamation-triangle"),
    State.IN_PROGRESS: ("info", "clock"),
    State.EXTENDED: ("info", "hourglass-split"),
    State.ANSWERED: ("ok", "check-circle"),
    State.PARTLY_ANSWERED: ("ok", "check-circle"),
    State.REFUSED: ("bad", "x-circle"),
    State.WITHDRAWN: ("muted", "dash-circle"),
}
# What only concerns the work inside the house: it stands in the customer's data, not on the timeline.
INNER_STEPS = (EventKind.REMINDED,)
# After these the remedies are named: the complaint and the court.
WITH_REMEDIES = (State.REFUSED, State.PARTLY_ANSWERED)


def shown_requests(found: Iterable[OwnRequest]) -> list[dict[str, Any]]:
    """The requests as rows and cards show them."""
    return [shown_request(item) for item in found]


def shown_request(found: OwnRequest) -> dict[str, Any]:
    """One request: its tag, the short timeline, and how things stand with the deadline."""
    row, state, locale = found.request, State(found.request.state), current_locale()
    kind, icon = TAGS[state]
    word, answered_on = text(state.text_code, locale), _identity_answered_on(found)
    if answered_on is not None:
        kind, icon, word = "info", "clock", text("own_request.now.identity_answered", locale)
    return {
        "reference": row.reference,
        "url": url_for("access_requests.detail", reference=row.reference),
        "receipt_url": url_for("access_requests.receipt", reference=row.reference),
        "state": state.value,
        "open": not state.final,
        "asked": waits_for_customer(found.steps),
        "tag": {"kind": kind, "icon": icon, "word": word},
        "received": _received(found, locale),
        "due": format_date(found.deadline.due_on, locale),
        "line": _line(found, state, locale),
        "deadline": deadline_words(found),
        "steps": _short_timeline(found, state, locale),
        "remedies": state in WITH_REMEDIES or (not state.final and _is_late(found)),
    }


def full_timeline(found: OwnRequest) -> list[dict[str, Any]]:
    """Every step with its time and the reasons that were given, and the answer that an open request goes towards."""
    locale, state = current_locale(), State(found.request.state)
    shown = [step for step in found.steps if step.kind not in INNER_STEPS]
    answered = answers(shown)
    steps = []
    for step in shown:
        steps.append(_step(found, step, locale))
        if step.id in answered:
            day = format_date(answered[step.id], locale)
            steps.append({"title": text("own_request.identity_answered", locale), "when": day, "state": "done"})
    if not state.final and steps:
        steps[-1]["state"] = "current"
        steps.append(_answer_by(found, locale))
    return steps


def deadline_words(found: OwnRequest) -> list[str]:
    """How things stand with the deadline, in sentences."""
    locale, row, deadline = current_locale(), found.request, found.deadline
    day = format_date(deadline.due_on, locale)
    if State(row.state).final:
        closed = format_date(helsinki_date(row.closed_at), locale)
        return [text(f"own_request.closed.{row.state}", locale, day=closed)]
    if deadline.paused_since is not None:
        since = format_date(deadline.paused_since, locale)
        paused = [text("own_request.paused", locale, since=since), text("own_request.paused_due", locale, day=day)]
        return [*_extension_words(row, locale), *paused]
    words = [text("own_request.late" if _is_late(found) else "own_request.due", locale, day=day)]
    words = _extension_words(row, locale) + _question_words(found, locale) + words
    left = (deadline.due_on - helsinki_date(g.now)).days
    if left >= 0:
        words.append(ngettext("%(num)s day is left.", "%(num)s days are left.", left))
    return words


def _extension_words(row: Any, locale: str) -> list[str]:
    if row.extended_at is None:
        return []
    return [text("own_request.extended", locale, day=format_date(helsinki_date(row.extended_at), locale))]


def _question_words(found: OwnRequest, locale: str) -> list[str]:
    """How things stand with a question about identity while the clock runs: answered, or asked too late to stop it."""
    question = open_question(found.steps)
    if question is None:
        return []
    late = question.late_reason is not None
    if question.replied_on is None:
        day = format_date(helsinki_date(question.occurred_at), locale)
        return [text("own_request.asked_late", locale, day=day)]
    code = "own_request.answered_late" if late else "own_request.runs_on"
    return [text(code, locale, day=format_date(question.replied_on, locale))]


def reasons(found: OwnRequest, kind: EventKind) -> str | None:
    """The reasons given for the latest step of a kind."""
    return next((step.reason for step in reversed(found.steps) if step.kind == kind), None)


def _short_timeline(found: OwnRequest, state: State, locale: str) -> list[dict[str, Any]]:
    received: dict[str, Any] = {
        "title": text(State.RECEIVED.text_code, locale),
        "when": _received(found, locale),
        "state": "current" if state is State.RECEIVED else "done",
    }
    if state.final:
        closed = format_datetime(found.request.closed_at, locale)
        return [received, {"title": text(state.text_code, locale), "when": closed, "state": "done"}]
    middle = State.IN_PROGRESS if state is State.RECEIVED else state
    answered = _identity_answered_on(found) is not None
    present: dict[str, Any] = {
        "title": text(middle.text_code, locale),
        "state": "upcoming" if state is State.RECEIVED else "current",
        "text": text("own_request.now.identity_answered" if answered else f"own_request.now.{middle}", locale),
    }
    return [received, present, _answer_by(found, locale)]


def _answer_by(found: OwnRequest, locale: str) -> dict[str, Any]:
    if found.deadline.paused_since is not None:
        return {
            "title": text("own_request.answer", locale),
            "text": text("own_request.stands", locale),
            "state": "upcoming",
        }
    day = format_date(found.deadline.due_on, locale)
    return {"title": text("own_request.answer_by", locale), "when": day, "state": "upcoming"}


def _step(found: OwnRequest, step: Step, locale: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "title": text(f"access_request.event.{step.kind}", locale),
        "when": format_datetime(step.occurred_at, locale),
        "text": step.reason,
        "language": found.request.language,
        "state": "done",
    }
    if step.kind == EventKind.RECEIVED:
        shown["when"] = _received(found, locale)
        shown |= {"text": text(f"access_request.channel.{found.request.channel}", locale), "language": locale}
    return shown


def _received(found: OwnRequest, locale: str) -> str:
    """The moment of a request made in the account; of what came on paper the day is known."""
    signed_at: datetime | None = found.request.signed_at
    received_on: date = found.request.received_on
    return format_datetime(signed_at, locale) if signed_at is not None else format_date(received_on, locale)


def _line(found: OwnRequest, state: State, locale: str) -> str:
    """What a list says in a few words."""
    if state.final:
        return text("own_request.line.closed", locale, day=format_date(helsinki_date(found.request.closed_at), locale))
    if found.deadline.paused_since is not None:
        return text("own_request.line.paused", locale)
    code = "own_request.line.late" if _is_late(found) else "own_request.line.due"
    return text(code, locale, day=format_date(found.deadline.due_on, locale))


def _identity_answered_on(found: OwnRequest) -> date | None:
    """The day of the customer's answer to a question about identity that we have not settled yet."""
    question = open_question(found.steps)
    return question.replied_on if question is not None else None


def _is_late(found: OwnRequest) -> bool:
    return found.deadline.paused_since is None and found.deadline.due_on < helsinki_date(g.now)
