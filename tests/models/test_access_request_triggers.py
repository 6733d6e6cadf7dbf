"""What was signed, the timeline and the moves of an access request are guarded by the database itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from portal.models.access_request import (
    AccessRequest,
    AccessRequestCheck,
    AccessRequestEvent,
    AccessRequestLetter,
    AccessRequestNote,
)
from portal.models.access_request_draft import AccessRequestDraft
from portal.models.base import db
from portal.rules import deadlines
from portal.rules.access_requests import LONGEST_SEARCH_NOTE, LONGEST_TEXT, EventKind, State
from portal.rules.clock import helsinki_date
from portal.rules.request_answers import LONGEST_WISHES
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def employee(transaction: Transaction) -> int:
    with transaction(now=MONDAY) as context:
        return builders.staff(context, "privacy").id


@pytest.fixture
def request_(transaction: Transaction) -> MadeRequest:
    with transaction(now=MONDAY) as context:
        return access_requests.ask(context, builders.account(context).customer_id)


def state_of(reading: Transaction, request: MadeRequest) -> str:
    with reading():
        own = select(AccessRequest.state).where(AccessRequest.id == request.id)
        return db.session.execute(own).scalar_one()


def lead(transaction: Transaction, request: MadeRequest, employee: int, *states: State) -> None:
    with transaction(now=MONDAY) as context:
        access_requests.lead_to(context, request, employee, *states)


def refused(transaction: Transaction, statement: Any) -> None:
    with pytest.raises(DBAPIError), transaction(now=MONDAY):
        db.session.execute(statement)


def test_the_database_refuses_what_the_rules_refuse(
    request_: MadeRequest, employee: int, transaction: Transaction, reading: Transaction
) -> None:
    own = update(AccessRequest).where(AccessRequest.id == request_.id)
    for state in (State.ANSWERED, State.PARTLY_ANSWERED, State.REFUSED):
        refused(transaction, own.values(state=state.value, closed_at=MONDAY))
    refused(transaction, own.values(state=State.EXTENDED.value))
    refused(transaction, own.values(state="forgotten"))
    lead(transaction, request_, employee, State.IN_PROGRESS, State.REFUSED)
    for state in State:
        if state is not State.REFUSED:
            closed = MONDAY if state.final else None
            refused(transaction, own.values(state=state.value, closed_at=closed))
    assert state_of(reading, request_) == State.REFUSED


@pytest.mark.parametrize(
    "changed",
    [
        {"statement": "Jotain muuta."},
        {"statement_sha256": "0" * 64},
        {"signed_name": "Joku Muu"},
        {"signed_at": MONDAY + timedelta(days=1)},
        {"reference": "TP-2026-9999"},
        {"channel": "letter", "signed_at": None},
        {"created_at": MONDAY - timedelta(days=40)},
        {"received_on": date(2026, 2, 1)},
        {"scope": "chosen"},
        {"categories": ["contact"]},
        {"wishes": "Jotain muuta."},
        {"delivery": "post"},
        {"contact": "muu@example.com"},
        {"language": "sv"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_the_database_keeps_what_was_signed(
    changed: dict[str, Any], request_: MadeRequest, transaction: Transaction
) -> None:
    refused(transaction, update(AccessRequest).where(AccessRequest.id == request_.id).values(**changed))


def test_the_database_keeps_the_timeline(request_: MadeRequest, employee: int, transaction: Transaction) -> None:
    own = AccessRequestEvent.request_id == request_.id
    refused(transaction, update(AccessRequestEvent).where(own).values(kind=EventKind.ANSWERED.value))
    refused(transaction, delete(AccessRequestEvent).where(own))
    lead(transaction, request_, employee, State.WITHDRAWN)
    refused(transaction, update(AccessRequestEvent).where(own).values(reason="Muutettu."))


def test_the_database_bounds_free_texts(request_: MadeRequest, employee: int, transaction: Transaction) -> None:
    note = {"request_id": request_.id, "kind": "internal", "written_at": MONDAY}
    refused(transaction, insert(AccessRequestNote).values(**note, body="ä" * (LONGEST_TEXT + 1)))
    check = {"request_id": request_.id, "source": "till", "found": True, "attested_at": MONDAY, "staff_id": employee}
    refused(transaction, insert(AccessRequestCheck).values(**check, note="ä" * (LONGEST_SEARCH_NOTE + 1)))
    draft = {"customer_id": request_.customer_id, "created_at": MONDAY, "submission": "0" * 32, "version": 1}
    refused(transaction, insert(AccessRequestDraft).values(**draft, wishes="ä" * (LONGEST_WISHES + 1)))
    with transaction(now=MONDAY):
        db.session.execute(insert(AccessRequestNote).values(**note, body="ä" * LONGEST_TEXT))
        db.session.execute(insert(AccessRequestCheck).values(**check, note="ä" * LONGEST_SEARCH_NOTE))
        db.session.execute(insert(AccessRequestDraft).values(**draft, wishes="ä" * LONGEST_WISHES))


@pytest.mark.parametrize(("age", "kept"), [(timedelta(days=3 * 365 - 3), True), (timedelta(days=3 * 366), False)])
def test_the_database_lets_a_closed_request_go_after_its_retention_and_not_before(
    age: timedelta, kept: bool, request_: MadeRequest, employee: int, transaction: Transaction
) -> None:
    closed = datetime.now(UTC) - age
    with transaction(now=closed) as context:
        old = access_requests.ask(context, request_.customer_id)
        access_requests.lead_to(context, old, employee, State.WITHDRAWN)
    steps = delete(AccessRequestEvent).where(AccessRequestEvent.request_id == old.id)
    row = delete(AccessRequest).where(AccessRequest.id == old.id)
    if kept:
        refused(transaction, steps)
        refused(transaction, row)
        return
    refused(transaction, update(AccessRequestEvent).where(AccessRequestEvent.request_id == old.id).values(reason="X"))
    with transaction():
        db.session.execute(steps)
        db.session.execute(row)


def test_the_database_lets_no_open_request_go(request_: MadeRequest, transaction: Transaction) -> None:
    with transaction(now=MONDAY - timedelta(days=2000)) as context:
        old = access_requests.ask(context, request_.customer_id)
    refused(transaction, delete(AccessRequestEvent).where(AccessRequestEvent.request_id == old.id))
    refused(transaction, delete(AccessRequest).where(AccessRequest.id == old.id))


@pytest.mark.parametrize(
    "changed",
    [
        {"state": State.IN_PROGRESS.value},
        {"state": State.REFUSED.value, "closed_at": MONDAY},
        {"extended_at": MONDAY},
    ],
    ids=lambda changed: next(iter(changed.values())),
)
def test_the_database_lets_no_request_begin_in_the_middle(
    changed: dict[str, Any], request_: MadeRequest, transaction: Transaction, reading: Transaction
) -> None:
    own = {name: value for name, value in row_of(reading, request_)._mapping.items() if name != "id"}
    again = {**own, "reference": "TP-2026-9999", "submission": "again"}
    refused(transaction, insert(AccessRequest).values({**again, **changed}))
    with transaction(now=MONDAY):
        db.session.execute(insert(AccessRequest).values(again))


def test_the_database_gives_a_request_to_nobody_else(request_: MadeRequest, transaction: Transaction) -> None:
    with transaction(now=MONDAY) as context:
        other = builders.customer(context)
    refused(transaction, update(AccessRequest).where(AccessRequest.id == request_.id).values(customer_id=other))


def test_the_database_keeps_a_letter_as_it_was_sent(
    request_: MadeRequest, employee: int, transaction: Transaction, reading: Transaction
) -> None:
    lead(transaction, request_, employee, State.IN_PROGRESS, State.REFUSED)
    own = AccessRequestLetter.request_id == request_.id
    with reading():
        assert db.session.execute(select(AccessRequestLetter.id).where(own)).scalars().one()
    for changed in ({"body": "Muuta."}, {"number": "K-2026-9999"}, {"kind": "answer"}):
        refused(transaction, update(AccessRequestLetter).where(own).values(**changed))


LATER = date(2027, 1, 4)


def row_of(reading: Transaction, request: MadeRequest) -> Any:
    with reading():
        own = select(*AccessRequest.__table__.columns).where(AccessRequest.id == request.id)
        return db.session.execute(own).one()


@pytest.mark.parametrize(
    "way",
    [
        (State.WITHDRAWN,),
        (State.IDENTITY_CHECK, State.REFUSED),
        (State.IN_PROGRESS, State.EXTENDED, State.ANSWERED),
        (State.IN_PROGRESS, State.PARTLY_ANSWERED),
    ],
    ids=lambda way: way[-1],
)
def test_the_days_of_a_decided_request_are_final(
    way: tuple[State, ...], request_: MadeRequest, employee: int, transaction: Transaction, reading: Transaction
) -> None:
    lead(transaction, request_, employee, *way)
    before = row_of(reading, request_)
    own = update(AccessRequest).where(AccessRequest.id == request_.id)
    for changed in (
        {"closed_at": MONDAY - timedelta(days=1200)},
        {"closed_at": None},
        {"due_on": LATER},
        {"extended_at": MONDAY + timedelta(days=1)},
        {"extended_at": None} if before.extended_at else {"received_on": LATER},
    ):
        refused(transaction, own.values(**changed))
    assert row_of(reading, request_) == before


@pytest.mark.parametrize("way", [(), (State.IN_PROGRESS,), (State.IN_PROGRESS, State.EXTENDED)], ids=len)
def test_the_deadline_moves_for_nothing_else_while_a_request_is_open(
    way: tuple[State, ...], request_: MadeRequest, employee: int, transaction: Transaction
) -> None:
    lead(transaction, request_, employee, *way)
    own = update(AccessRequest).where(AccessRequest.id == request_.id)
    refused(transaction, own.values(due_on=LATER))
    refused(transaction, own.values(extended_at=MONDAY + timedelta(days=1)))
    state = (State.ANSWERED if way else State.WITHDRAWN).value
    refused(transaction, own.values(due_on=LATER, state=state, closed_at=MONDAY))


def test_the_deadline_moves_with_a_question_about_identity_and_an_extension(
    request_: MadeRequest, employee: int, transaction: Transaction, reading: Transaction
) -> None:
    begun = row_of(reading, request_).due_on
    lead(transaction, request_, employee, State.IDENTITY_CHECK)
    with transaction(now=MONDAY + timedelta(days=10)) as context:
        access_requests.lead_to(context, request_, employee, State.IN_PROGRESS)
    paused = row_of(reading, request_).due_on
    with transaction(now=MONDAY + timedelta(days=11)) as context:
        access_requests.lead_to(context, request_, employee, State.EXTENDED)
    assert begun < paused < row_of(reading, request_).due_on


@pytest.mark.parametrize("days", [0, 9, 10, 11, 30])
@pytest.mark.parametrize("hour", [0, 12, 20, 22])
@pytest.mark.parametrize("reason", [None, "Kirje oli kadoksissa."])
def test_the_database_and_the_rules_agree_on_which_question_is_late(
    request_: MadeRequest, transaction: Transaction, days: int, hour: int, reason: str | None
) -> None:
    """The moments are in UTC: at 22 the next day has begun in Helsinki, in March before summer time."""
    moment = datetime(2026, 3, 2, hour, 0, tzinfo=UTC) + timedelta(days=days)
    late = not deadlines.stops_clock(MONDAY.date(), helsinki_date(moment))
    statement = insert(AccessRequestEvent).values(
        request_id=request_.id,
        kind=EventKind.IDENTITY_ASKED.value,
        occurred_at=moment,
        actor_kind="staff",
        late_reason=reason,
    )
    if late is (reason is not None):
        with transaction(now=MONDAY):
            db.session.execute(statement)
    else:
        refused(transaction, statement)


def test_a_reason_for_lateness_belongs_to_a_question_and_such_a_question_moves_no_deadline(
    request_: MadeRequest, employee: int, transaction: Transaction
) -> None:
    values = {"request_id": request_.id, "occurred_at": MONDAY + timedelta(days=20), "actor_kind": "staff"}
    refused(
        transaction,
        insert(AccessRequestEvent).values(kind=EventKind.TAKEN_UP.value, late_reason="Kiire.", **values),
    )
    with transaction(now=MONDAY + timedelta(days=20)) as context:
        access_requests.lead_to(context, request_, employee, State.IDENTITY_CHECK)
    own = update(AccessRequest).where(AccessRequest.id == request_.id)
    refused(transaction, own.values(due_on=date(2026, 5, 2)))
