"""What an employee writes down with each step of an access request, and the few grounds there are (GDPR 12 and 15).

A step is one page: its grounds or ways come from a fixed list, the rest is said in the employee's own words, which the
customer reads. The law's grounds are never alone enough: each decision against the customer wants reasons of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from portal.rules.access_requests import ANSWERED, DELIVERIES, EventKind, State, move
from portal.rules.clean_text import clean_block
from portal.rules.errors import Problem, RuleBroken
from portal.rules.register import STAFF_SOURCES, Withheld

# Why somebody's identity is in doubt.
DOUBTS = ("contact_changed", "name_differs", "unknown_sender", "several_persons")
# How identity is checked, the least intrusive first: a document is looked at and given back, never copied.
CHECKS = ("log_in", "call_back", "known_facts", "document_seen")
# The ways that lead through the customer's account.
IN_ACCOUNT = ("portal", "log_in")
# The two reasons for which the time may be extended (12(3)).
EXTENSIONS = ("complex", "many")
# Why something is left out of an answer.
WITHHOLDINGS = ("others", "law", "secret")
# The reasons for which a part of the register is left out of the copy, and the ground that each is in the letter.
LEFT_OUT_GROUNDS = {Withheld.OTHER_PERSONS: "others", Withheld.RESTRICTED_BY_LAW: "law", Withheld.SECRET: "secret"}
# Why a request may be refused (12(5), 12(2)). Twelve months since the last one are none.
REFUSALS = ("unfounded", "excessive", "identity")
# A decision against the customer is explained in sentences, not in a word.
SHORTEST_REASON, SHORTEST_REFUSAL = 20, 80
# With the grounds in words it must fit on the timeline.
LONGEST_REASON = 3000
LONGEST_ITEM, MOST_ITEMS = 300, 30


@dataclass(frozen=True)
class Step:
    """One page of the employee: where it leads, and what it asks. `several` says that more than one ground may hold;
    `dated` asks on which day the customer answered; `shortest` is the least length of the text, 0 where it may be left
    empty."""

    name: str
    to: State
    event: EventKind
    grounds: tuple[str, ...] = ()
    several: bool = False
    ways: tuple[str, ...] = ()
    withheld: bool = False
    dated: bool = False
    text: bool = True
    shortest: int = 0

    def leads_to(self, state: State, *, extended: bool) -> State:
        """Return where the step leads from a state, for a request whose time was `extended` or was not: an extension
        leaves a question about identity open, and whoever answers it is where the request stood otherwise."""
        if state is State.IDENTITY_CHECK and self.event is EventKind.EXTENDED:
            return state
        return State.EXTENDED if extended and self.event is EventKind.IDENTITY_CONFIRMED else self.to

    def possible(self, state: State, *, extended: bool = False) -> bool:
        """Say whether the step can be taken from a state. The time is extended once."""
        if extended and self.event is EventKind.EXTENDED:
            return False
        found = move(state, self.leads_to(state, extended=extended))
        return found is not None and found.event is self.event

    def grounds_in(self, state: State) -> tuple[str, ...]:
        """Return the grounds that can hold in a state: whose identity nobody asked about is not refused for it."""
        if self.to is State.REFUSED and state is not State.IDENTITY_CHECK:
            return tuple(ground for ground in self.grounds if ground != "identity")
        return self.grounds

    def ways_for(self, *, has_account: bool) -> tuple[str, ...]:
        """Return the ways there are for a customer. Without an account nothing is asked or given in one; how an
        identity was confirmed is a fact, whatever became of the account since."""
        if has_account or self.to not in (State.IDENTITY_CHECK, *ANSWERED):
            return self.ways
        return tuple(way for way in self.ways if way not in IN_ACCOUNT)


@dataclass(frozen=True)
class Typed:
    """A step as it was filled in."""

    grounds: tuple[str, ...] = ()
    way: str = ""
    text: str = ""
    withheld: str = ""
    answered_on: date | None = None
    late_reason: str = ""


@dataclass(frozen=True)
class Said:
    """A step as it is stored and written into its letter: checked, in normal form. `late_reason` is for us alone."""

    grounds: tuple[str, ...] = ()
    way: str = ""
    text: str = ""
    withheld: tuple[str, ...] = ()
    answered_on: date | None = None
    late_reason: str = ""


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("take-up", State.IN_PROGRESS, EventKind.TAKEN_UP, text=False),
        Step(
            "identity-question",
            State.IDENTITY_CHECK,
            EventKind.IDENTITY_ASKED,
            DOUBTS,
            several=True,
            ways=CHECKS,
            shortest=SHORTEST_REASON,
        ),
        Step("identity-confirmed", State.IN_PROGRESS, EventKind.IDENTITY_CONFIRMED, ways=CHECKS, dated=True),
        Step("extension", State.EXTENDED, EventKind.EXTENDED, EXTENSIONS, several=True, shortest=SHORTEST_REASON),
        Step("answer", State.ANSWERED, EventKind.ANSWERED, ways=DELIVERIES),
        Step(
            "partial-answer",
            State.PARTLY_ANSWERED,
            EventKind.PARTLY_ANSWERED,
            WITHHOLDINGS,
            several=True,
            ways=DELIVERIES,
            withheld=True,
            shortest=SHORTEST_REASON,
        ),
        Step("refusal", State.REFUSED, EventKind.REFUSED, REFUSALS, shortest=SHORTEST_REFUSAL),
        Step("withdrawal", State.WITHDRAWN, EventKind.WITHDRAWN, ways=tuple(STAFF_SOURCES)),
    )
}


def steps_from(state: State, *, extended: bool = False) -> tuple[Step, ...]:
    """Return the steps an employee can take from a state, in the order of the page."""
    return tuple(step for step in STEPS.values() if step.possible(state, extended=extended))


def check(step: Step, state: State, typed: Typed, *, late: bool = False) -> Said:
    """Return what was filled in, in normal form; `late` demands the reason why the step comes so late. Raises
    `RuleBroken` naming everything that is missing or wrong."""
    problems: list[Problem] = []
    grounds = _grounds(step, state, typed, problems)
    if step.ways and typed.way not in step.ways:
        problems.append(Problem("way", f"request_step.way_required.{step.name}"))
    missing = f"request_step.text_required.{step.name}"
    text = _words("text", typed.text, step.shortest, missing, problems) if step.text else ""
    missing = "request_step.late_reason_required"
    late_reason = _words("late_reason", typed.late_reason, SHORTEST_REASON, missing, problems) if late else ""
    withheld: tuple[str, ...] = ()
    try:
        withheld = _items(typed.withheld) if step.withheld else ()
    except RuleBroken as error:
        problems += error.problems
    if step.dated and typed.answered_on is None:
        problems.append(Problem("answered_on", "request_step.answered_on_invalid"))
    if problems:
        raise RuleBroken(*problems)
    answered_on = typed.answered_on if step.dated else None
    return Said(grounds, typed.way if step.ways else "", text, withheld, answered_on, late_reason)


def check_answered_on(said: Said, *, asked: date, replied: date | None, today: date) -> None:
    """Hold the day of the customer's answer against those of the question and of their first message since (`replied`).

    Where the clock stood still, it did until that message and no longer (GDPR 12(3)): an earlier day is one of a
    letter, a call or a visit. Raises `RuleBroken`.
    """
    day = said.answered_on
    if day is None:
        return
    if day < asked:
        raise RuleBroken.of("answered_on", "request_step.answered_before_question", day=asked)
    if day > today:
        raise RuleBroken.of("answered_on", "request_step.answered_in_future")
    if replied is not None and day > replied:
        raise RuleBroken.of("answered_on", "request_step.answered_after_message", day=replied)
    if replied is not None and day < replied and said.way == "log_in":
        raise RuleBroken.of("answered_on", "request_step.answered_before_message", day=replied)


def with_grounds_of(said: Said, reasons: Iterable[str]) -> Said:
    """Add the grounds that the reasons of a copy in part stand for: the letter never names fewer than the copy."""
    known = grounds_of(reasons)
    return replace(said, grounds=tuple(item for item in WITHHOLDINGS if item in known or item in said.grounds))


def grounds_of(reasons: Iterable[str]) -> tuple[str, ...]:
    """Return the grounds that the reasons of a copy in part stand for."""
    given = set(reasons)
    return tuple(ground for reason, ground in LEFT_OUT_GROUNDS.items() if reason in given)


def _words(field: str, typed: str, shortest: int, missing: str, problems: list[Problem]) -> str:
    try:
        return clean_block(typed, LONGEST_REASON, field, minimum=shortest, missing=missing)
    except RuleBroken as error:
        problems += error.problems
        return ""


def _grounds(step: Step, state: State, typed: Typed, problems: list[Problem]) -> tuple[str, ...]:
    offered = step.grounds_in(state)
    chosen = tuple(ground for ground in offered if ground in typed.grounds)
    known = set(typed.grounds) <= set(offered)
    if offered and (not chosen or not known or (len(chosen) > 1 and not step.several)):
        problems.append(Problem("grounds", f"request_step.grounds_required.{step.name}"))
    return chosen


def _items(text: str) -> tuple[str, ...]:
    """One item a line, each with what is left out beside the copy, and why. What the copy leaves out is known."""
    lines = clean_block(text, LONGEST_ITEM * MOST_ITEMS, "withheld").split("\n")
    items = tuple(" ".join(line.split()) for line in lines if line.strip())
    if len(items) > MOST_ITEMS:
        raise RuleBroken.of("withheld", "request_step.too_many_items", maximum=MOST_ITEMS)
    if any(len(item) > LONGEST_ITEM for item in items):
        raise RuleBroken.of("withheld", "request_step.item_too_long", maximum=LONGEST_ITEM)
    return items
