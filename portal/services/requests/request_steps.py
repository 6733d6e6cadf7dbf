"""The steps by which an employee answers an access request: checked, previewed, and taken once.

The letter is rendered first, for that takes a while; then one short transaction holds all of it against the rules once
more, numbers and keeps the letter, moves the request and tells the customer. Of two employees who decide at once the
second finds the request changed (`Stale`) and nothing of theirs is kept but what they typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from portal.rules import deadlines
from portal.rules import request_steps as rules
from portal.rules.access_requests import ALONE, ANSWERED, MOVES, State
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.errors import PortalError, RuleBroken, Stale
from portal.rules.request_steps import STEPS, Said, Step, Typed
from portal.rules.texts import text
from portal.services.foundation import stored_files
from portal.services.requests import access_request_moves as moves
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests import (
    request_assignments,
    request_copies,
    request_hindrances,
    request_identity,
    request_letters,
    request_notices,
    request_openings,
)
from portal.services.requests.request_letters import About, Draft, Overtaken, Sheet
from portal.services.requests.request_openings import Head


@dataclass(frozen=True)
class Preview:
    """A step that is filled in and ready to be taken: what the letter says, if there is one."""

    said: Said
    about: About
    draft: Draft | None


@dataclass(frozen=True)
class Ready:
    """A step that can be taken: what it says, and the letter as it was rendered."""

    shown: Preview
    sheet: Sheet | None


@dataclass(frozen=True)
class Known:
    """What is known before a step is filled in: whether the customer has an account, on which day they answered the
    question about identity, the grounds that the copy has already, and whether the step needs a reason for coming
    late."""

    has_account: bool
    answered_on: date
    grounds: tuple[str, ...]
    late: bool


@dataclass(frozen=True)
class Taken:
    """A step that was taken: the number of its letter, whether the customer was told by mail, and what is to be
    printed, a code of `ON_PAPER`."""

    number: str | None
    mailed: bool
    on_paper: str | None


def preview(context: Context, reference: str, step: Step, typed: Typed) -> Preview:
    """Hold a step against the rules without taking it. Raises `RuleBroken` and `Denied`."""
    head = request_openings.require(context, reference)
    _possible(context, head, step)
    said = rules.check(step, head.state, typed, late=is_late(context, head, step))
    _reachable(context, head, step, said)
    _answered(context, head, said)
    left_out = _deliverable(context, head, step, said)
    return _prepare(context, head, step, said, left_out)


def pdf(context: Context, shown: Preview) -> bytes:
    """The letter of a preview as a PDF that is marked as a draft."""
    if shown.draft is None:
        raise ValueError("This step sends no letter.")
    return request_letters.preview(context, shown.about, shown.draft)


@contextmanager
def ready(context: Context, reference: str, step: Step, typed: Typed, *, version: int) -> Iterator[Ready]:
    """Check a step and render its letter, for `take` to take it in the block; outside any transaction.

    Raises as `take` does. A letter that the block does not send leaves no file.
    """
    head = request_openings.require(context, reference)
    if head.version != version:
        raise Stale(head.version)
    shown = preview(context, reference, step, typed)
    sheet = request_letters.render(context, shown.about, shown.draft) if shown.draft else None
    try:
        yield Ready(shown, sheet)
    except PortalError:
        if sheet is not None:
            stored_files.discard(sheet.written)
        raise


def take(context: Context, reference: str, step: Step, typed: Typed, prepared: Ready, *, version: int) -> Taken:
    """Take a step that is ready. Raises `Stale` when the request moved on since `version`, `RuleBroken` naming what is
    missing, `Denied` when the customer is not open, and `Overtaken` when the letter would not be the same any more."""
    head = request_openings.require(context, reference)
    row = moves.lock(head.id)
    if row.version != version:
        raise Stale(row.version)
    shown = preview(context, reference, step, typed)
    if shown != prepared.shown:
        raise Overtaken
    sheet = prepared.sheet
    on_paper = _on_paper(head, step, shown.said) if sheet else None
    letter_id = request_letters.keep(context, sheet, on_paper) if sheet else None
    reason = _reason(step, shown.said, head.language)
    moves.move(
        context,
        head.id,
        step.leads_to(head.state, extended=head.extended),
        version=version,
        reason=reason,
        letter_id=letter_id,
        answered_on=shown.said.answered_on,
        late_reason=shown.said.late_reason,
    )
    if row.assigned_id is None:
        request_assignments.take_over(context, head)
    mailed = letter_id is not None and request_notices.letter_sent(context, head, letter_id)
    return Taken(sheet.number if sheet else None, mailed, on_paper)


def known(context: Context, head: Head, step: Step) -> Known:
    """What the page of a step begins with."""
    copy = request_copies.of_request(context, head) if step.to is State.PARTLY_ANSWERED else None
    return Known(
        has_account=request_identity.has_account(context, head.customer_id),
        answered_on=day_of_answer(context, head),
        grounds=rules.grounds_of(copy.left_out.values()) if copy and copy.left_out else (),
        late=is_late(context, head, step),
    )


def is_late(context: Context, head: Head, step: Step) -> bool:
    """Whether a step is a question about identity that would come too late to stop the clock, if it were asked now."""
    today = helsinki_date(context.now)
    return step is STEPS["identity-question"] and not deadlines.stops_clock(head.received_on, today)


def day_of_answer(context: Context, head: Head) -> date:
    """On which day the customer answered the question about identity, as far as the portal knows: that of their first
    message since, else today."""
    question = timeline.open_question(timeline.steps(context, head.id))
    today = helsinki_date(context.now)
    return question.replied_on or today if question is not None else today


def _on_paper(head: Head, step: Step, said: Said) -> str | None:
    """The letter and the copy for the post or the shop, or the letter alone for whoever has no account to read in."""
    if step.to in ANSWERED and said.way != "portal":
        return said.way
    return None if request_notices.is_reader(head) else ALONE


def _answered(context: Context, head: Head, said: Said) -> None:
    question = timeline.open_question(timeline.steps(context, head.id))
    if question is not None:
        asked, today = helsinki_date(question.occurred_at), helsinki_date(context.now)
        rules.check_answered_on(said, asked=asked, replied=question.replied_on, today=today)


def _possible(context: Context, head: Head, step: Step) -> None:
    if head.state.final:
        raise RuleBroken.of(None, "access_request.decided")
    if not head.allows(step):
        raise RuleBroken.of(None, "access_request.no_such_move")
    hindered = request_hindrances.of_request(context, head).get(step.name)
    if hindered:
        raise RuleBroken(*hindered)


def _reachable(context: Context, head: Head, step: Step, said: Said) -> None:
    if said.way and said.way not in step.ways_for(has_account=request_identity.has_account(context, head.customer_id)):
        raise RuleBroken.of("way", f"request_step.no_account.{step.name}")


def _deliverable(context: Context, head: Head, step: Step, said: Said) -> Mapping[str, str]:
    """A copy never goes to contact details that were changed lately, unless the person was identified since. Returns
    what the copy leaves out."""
    if step.to not in ANSWERED:
        return {}
    facts = request_identity.read(context, head)
    if facts.endangers(said.way):
        raise RuleBroken.of("way", f"request_step.changed_lately.{said.way}")
    copy = request_copies.of_request(context, head)
    left_out = (copy.left_out if copy else None) or {}
    if step.to is State.PARTLY_ANSWERED and not left_out and not said.withheld:
        raise RuleBroken.of("withheld", "request_step.nothing_left_out")
    return left_out


def _prepare(context: Context, head: Head, step: Step, said: Said, left_out: Mapping[str, str]) -> Preview:
    if left_out:
        said = rules.with_grounds_of(said, left_out.values())
    about = request_letters.about(context, head.id, due_after(context, head, step))
    about = replace(about, left_out=left_out, awaited=_awaited(context, head))
    kind = MOVES[head.state, step.leads_to(head.state, extended=head.extended)].letter
    today = helsinki_date(context.now)
    draft = request_letters.compose(about, step, kind, said, today) if kind else None
    return Preview(said, about, draft)


def _awaited(context: Context, head: Head) -> str:
    """What a letter says about a question about identity that waits for the customer: prompt, it stops the clock."""
    question = timeline.open_question(timeline.steps(context, head.id))
    if question is None or question.replied_on is not None:
        return ""
    return "letter.extension.awaited" if question.late_reason else "letter.extension.stands_still"


def due_after(context: Context, head: Head, step: Step) -> date:
    """The deadline as it will be when the step has been taken."""
    taken = timeline.steps(context, head.id)
    if step is STEPS["extension"] and taken:
        taken = [*taken, taken[-1]._replace(kind=step.event.value)]
    return timeline.deadline(context, head.received_on, taken).due_on


def _reason(step: Step, said: Said, language: str) -> str | None:
    """What the timeline tells the customer: the grounds in words and the employee's own text."""
    lines = [text(f"{_GROUND_TEXTS[step.name]}.{ground}", language) for ground in said.grounds]
    if said.way and step.name in _WAY_TEXTS:
        lines.append(text(f"{_WAY_TEXTS[step.name]}.{said.way}", language))
    lines += [said.text] if said.text else []
    return "\n".join(lines) or None


_GROUND_TEXTS = {
    "identity-question": "identity.doubt",
    "extension": "letter.extension",
    "partial-answer": "letter.withheld",
    "refusal": "letter.refusal",
}
_WAY_TEXTS = {"identity-confirmed": "identity.confirmed", "withdrawal": "access_request.channel"}
