"""The sources outside the system that are searched before an answer (register notice §10), each on an employee's word.

A source can be searched again while the request is open: the latest word counts, and the log keeps that there was one
before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from portal.models.access_request import AccessRequestCheck
from portal.models.base import db
from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules.access_requests import CHECKLIST, LONGEST_SEARCH_NOTE
from portal.rules.clean_text import clean_block
from portal.rules.context import Context
from portal.rules.errors import Problem, RuleBroken
from portal.services.auditing import audit
from portal.services.requests import access_request_moves as moves
from portal.services.requests import request_openings

FOUND, NOTHING = "found", "nothing"
OUTCOMES = (NOTHING, FOUND)


@dataclass(frozen=True)
class Check:
    """What was found in a source, by whom and when; None for one that nobody has searched yet."""

    source: str
    found: bool | None = None
    note: str | None = None
    attested_at: datetime | None = None
    staff_name: str | None = None

    @property
    def outcome(self) -> str:
        """The code of what was found, empty before anybody searched."""
        return "" if self.found is None else FOUND if self.found else NOTHING


def of_request(context: Context, request_id: int) -> list[Check]:
    """Every source of the list, in its order."""
    columns = [getattr(AccessRequestCheck, name) for name in ("source", "found", "note", "attested_at")]
    statement = (
        select(*columns, Staff.name.label("staff_name"))
        .join_from(AccessRequestCheck, Staff, AccessRequestCheck.staff_id == Staff.id)
        .where(AccessRequestCheck.request_id == request_id)
    )
    attested = {row.source: Check(**row._mapping) for row in connection().execute(statement)}
    return [attested.get(source, Check(source)) for source in CHECKLIST]


def is_complete(context: Context, request_id: int) -> bool:
    """Whether every source was searched."""
    return all(check.found is not None for check in of_request(context, request_id))


def attest(context: Context, reference: str, typed: Mapping[str, tuple[str, str]]) -> None:
    """Store what was found: for each source (outcome, note); a source that is left out stays as it is.

    Raises `RuleBroken` naming `<source>_note` where something was found and not described or a note is too long, or
    the first source where nothing was filled in at all, and `Denied` when the request is not open.
    """
    head = request_openings.require(context, reference)
    if moves.lock(head.id).closed_at is not None:
        raise RuleBroken.of(None, "access_request.decided")
    before = {check.source: check for check in of_request(context, head.id)}
    for source, (found, note) in _checked(typed).items():
        if (before[source].found, before[source].note) == (found, note):
            continue
        own = (AccessRequestCheck.request_id == head.id, AccessRequestCheck.source == source)
        db.session.execute(delete(AccessRequestCheck).where(*own))
        values = {"found": found, "note": note, "attested_at": context.now, "staff_id": context.actor.id}
        db.session.execute(insert(AccessRequestCheck).values(request_id=head.id, source=source, **values))
        audit.record(
            context,
            "access_request.source_searched",
            customer_id=head.customer_id,
            request=head.reference,
            searched=source,
            found_something=found,
        )


def _checked(typed: Mapping[str, tuple[str, str]]) -> dict[str, tuple[bool, str | None]]:
    checked: dict[str, tuple[bool, str | None]] = {}
    problems: list[Problem] = []
    for source in CHECKLIST:
        outcome, note = typed.get(source, ("", ""))
        try:
            cleaned = clean_block(note, LONGEST_SEARCH_NOTE, f"{source}_note")
        except RuleBroken as error:
            problems += error.problems
            continue
        if outcome in OUTCOMES:
            checked[source] = (outcome == FOUND, cleaned or None)
        if outcome == FOUND and not cleaned:
            problems.append(Problem(f"{source}_note", "request_check.note_required"))
        if cleaned and outcome not in OUTCOMES:
            problems.append(Problem(source, "request_check.outcome_required"))
    if not checked and not problems:
        problems.append(Problem(CHECKLIST[0], "request_check.outcome_required"))
    if problems:
        raise RuleBroken(*problems)
    return checked
