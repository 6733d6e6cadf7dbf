"""Everything an employee needs to answer one request: what was asked, by whom, until when, and what was done so far."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.models.access_request import AccessRequest, AccessRequestEvent, AccessRequestLetter
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules import deadlines
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.customer_numbers import customer_number
from portal.rules.deadline_reasons import Reason, reasons
from portal.rules.errors import Problem
from portal.rules.names import fold, is_signed_as
from portal.rules.search_terms import MAX_TERM, fragments
from portal.services.data_copy.data_copies import CopyFacts
from portal.services.foundation import fragment_index
from portal.services.register import customer_openings
from portal.services.register.customer_openings import Subject
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests import (
    request_assignments,
    request_checks,
    request_copies,
    request_hindrances,
    request_identity,
    request_notes,
    request_repeats,
)
from portal.services.requests.request_checks import Check
from portal.services.requests.request_identity import Identity
from portal.services.requests.request_notes import Note
from portal.services.requests.request_openings import Head

MOST_SHOWN = 20
# How many customers of the same name are looked through.
NAMESAKES = 200
_EVENT = ("id", "kind", "occurred_at", "actor_kind", "reason", "late_reason")


@dataclass(frozen=True)
class RequestFile:
    """The page of a request. `row` holds the columns of the request with the names of employees; `unaltered` says that
    the statement still has the digest it was signed with. `days` are left until `due_on`, None where nothing runs.
    `answered_on` is when the customer answered the question about identity that is open, `asked_late` that this did
    not stop the clock, `asks_late` that one asked now would not, `ask_by` until when it would have; `signed_otherwise`
    says that the signature is not the registered name; `hindered` are the steps that are not possible now, with the
    reasons; `refusal_ended` is the last day for a refusal, None while there is time for one. `answers` are the days of
    the customer's answers about identity, by the step before each; `assigners` are the names of who gave the request to
    somebody, by the moment."""

    head: Head
    row: Any
    signed_otherwise: bool
    hindered: dict[str, list[Problem]]
    subject: Subject
    unaltered: bool
    due_on: date
    answered_on: date | None
    asked_late: bool
    asks_late: bool
    ask_by: date
    paused_since: date | None
    days: int | None
    refusal_ended: date | None
    reckoning: list[Reason]
    identity: Identity
    events: Sequence[Any]
    answers: dict[int, date]
    assigners: dict[datetime, str]
    letters: Sequence[Any]
    notes: list[Note]
    checks: list[Check]
    copy: CopyFacts | None
    earlier: Sequence[Any]
    duplicates: Sequence[Any]


def view(context: Context, head: Head) -> RequestFile:
    """The page of a request that the employee has open."""
    row = connection().execute(_row(head.id)).one()
    taken = timeline.steps(context, head.id)
    deadline, question = timeline.deadline(context, row.received_on, taken), timeline.open_question(taken)
    subject = customer_openings.subject_of(context, head.customer_uuid)
    today = helsinki_date(context.now)
    running = not head.state.final and deadline.paused_since is None
    extended = row.extended_at is not None
    refusal_due_on = timeline.refusal_due_on(context, row.received_on, taken)
    return RequestFile(
        head=head,
        row=row,
        signed_otherwise=_is_signed_otherwise(row.signed_name, subject),
        hindered={} if head.state.final else request_hindrances.of_request(context, head),
        subject=subject,
        unaltered=_is_unaltered(row.statement, row.statement_sha256),
        due_on=deadline.due_on,
        answered_on=question.replied_on if question else None,
        asked_late=question is not None and question.late_reason is not None,
        asks_late=not deadlines.stops_clock(row.received_on, today),
        ask_by=deadlines.ask_by(row.received_on),
        paused_since=None if head.state.final else deadline.paused_since,
        days=(deadline.due_on - today).days if running else None,
        refusal_ended=refusal_due_on if refusal_due_on < today else None,
        reckoning=reasons(row.received_on, timeline.pauses(taken), today=today, extended=extended),
        identity=request_identity.read(context, head),
        events=_events(head.id),
        answers=timeline.answers(taken),
        assigners=request_assignments.assigners(context, head),
        letters=_letters(head.id),
        notes=request_notes.of_request(context, head.id),
        checks=request_checks.of_request(context, head.id),
        copy=request_copies.of_request(context, head),
        earlier=_earlier(head),
        duplicates=_duplicates(head.customer_id),
    )


def of_customer(context: Context, customer_id: int) -> Sequence[Any]:
    """A customer's requests, the newest first: reference, state, day of receipt and deadline."""
    columns = [getattr(AccessRequest, name) for name in ("reference", "state", "received_on", "due_on", "closed_at")]
    statement = select(*columns).where(request_repeats.of_person(customer_id))
    newest = statement.order_by(AccessRequest.received_on.desc(), AccessRequest.id.desc())
    return connection().execute(newest.limit(MOST_SHOWN)).all()


def _row(request_id: int) -> Any:
    assigned, entered = Staff.__table__.alias("assigned"), Staff.__table__.alias("entered")
    table = AccessRequest.__table__
    joined = table.outerjoin(assigned, table.c.assigned_id == assigned.c.id).outerjoin(
        entered, table.c.entered_by_id == entered.c.id
    )
    names = (assigned.c.name.label("assigned_name"), entered.c.name.label("entered_name"))
    return select(*table.c, *names).select_from(joined).where(table.c.id == request_id)


def _is_signed_otherwise(signed: str | None, subject: Subject) -> bool:
    known = bool(signed and subject.name)
    return known and not is_signed_as(signed or "", subject.first_name, subject.last_name)


def _is_unaltered(statement: str, sha256: str) -> bool:
    return hmac.compare_digest(hashlib.sha256(statement.encode()).hexdigest(), sha256)


def _events(request_id: int) -> Sequence[Any]:
    columns = [getattr(AccessRequestEvent, name) for name in _EVENT]
    statement = (
        select(*columns, Staff.name.label("staff_name"), AccessRequestLetter.number)
        .outerjoin_from(AccessRequestEvent, Staff, AccessRequestEvent.staff_id == Staff.id)
        .outerjoin(AccessRequestLetter, AccessRequestEvent.letter_id == AccessRequestLetter.id)
        .where(AccessRequestEvent.request_id == request_id)
    )
    return connection().execute(statement.order_by(AccessRequestEvent.id)).all()


def _letters(request_id: int) -> Sequence[Any]:
    columns = [getattr(AccessRequestLetter, name) for name in ("number", "kind", "written_at", "body", "on_paper")]
    statement = (
        select(*columns, Staff.name.label("staff_name"))
        .join_from(AccessRequestLetter, Staff, AccessRequestLetter.staff_id == Staff.id)
        .where(AccessRequestLetter.request_id == request_id)
    )
    return connection().execute(statement.order_by(AccessRequestLetter.id)).all()


def _earlier(head: Head) -> Sequence[Any]:
    columns = [getattr(AccessRequest, name) for name in ("reference", "state", "received_on", "closed_at")]
    own = (request_repeats.of_person(head.customer_id), AccessRequest.id != head.id)
    newest = (AccessRequest.received_on.desc(), AccessRequest.id.desc())
    return connection().execute(select(*columns).where(*own).order_by(*newest).limit(MOST_SHOWN)).all()


def _duplicates(customer_id: int) -> Sequence[Any]:
    """Other records that may be of the same person: the same name with the same telephone or street, or one that was
    merged into this. An employee looks at them one by one; nobody is matched by an address or a number alone."""
    own = connection().execute(select(Customer.__table__).where(Customer.id == customer_id)).one()
    columns = (Customer.id, Customer.uuid, Customer.first_name, Customer.last_name, Customer.phone, Customer.street)
    found = [row for row in _namesakes(own, columns) if _shares(own, row)]
    merged = select(*columns).where(Customer.merged_into_id == customer_id).limit(MOST_SHOWN)
    rows = {row.id: row for row in (*found, *connection().execute(merged))}
    return [
        {"uuid": row.uuid, "name": f"{row.first_name} {row.last_name}".strip(), "number": customer_number(row.id)}
        for row in rows.values()
    ][:MOST_SHOWN]


def _namesakes(own: Any, columns: Sequence[Any]) -> Sequence[Any]:
    """Customers whose name holds the words of this one, found by the index of the search."""
    name = f"{own.first_name} {own.last_name}".strip()[:MAX_TERM]
    if not name:
        return []
    ids = [row.customer_id for row in fragment_index.find(fragment_index.CUSTOMERS, fragments(name), NAMESAKES)]
    others = [found for found in ids if found != own.id]
    return connection().execute(select(*columns).where(Customer.id.in_(others)).order_by(Customer.id)).all()


def _shares(own: Any, row: Any) -> bool:
    same_name = (fold(row.first_name), fold(row.last_name)) == (fold(own.first_name), fold(own.last_name))
    same_contact = any(getattr(own, name) and getattr(row, name) == getattr(own, name) for name in ("phone", "street"))
    return same_name and same_contact
