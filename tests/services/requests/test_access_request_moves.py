"""The guarded state machine of access requests: locked, held against the rules, told on the timeline."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models.access_request import AccessRequest
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.rules.access_requests import MOVES, Demand, EventKind, LetterKind, State
from portal.rules.context import Actor, Context
from portal.rules.errors import NotFound, RuleBroken, Stale
from portal.rules.register import Source
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests.access_request_moves import move
from portal.services.unit_of_work import unit_of_work
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
# The shortest way to each open state.
WAYS: dict[State, tuple[State, ...]] = {
    State.RECEIVED: (),
    State.IDENTITY_CHECK: (State.IDENTITY_CHECK,),
    State.IN_PROGRESS: (State.IN_PROGRESS,),
    State.EXTENDED: (State.IN_PROGRESS, State.EXTENDED),
}


def way_to(before: State, after: State) -> tuple[State, ...]:
    """The way to where a move begins: only where the time was extended does an answered question lead on so."""
    return (*WAYS[before], *((before,) if (before, after) == (State.IDENTITY_CHECK, State.EXTENDED) else ()))


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction(now=MONDAY) as context:
        return builders.account(context, email="aino@example.com")


@pytest.fixture
def employee(transaction: Transaction) -> Actor:
    with transaction(now=MONDAY) as context:
        return Actor("staff", builders.staff(context, "privacy").id)


@pytest.fixture
def request_(transaction: Transaction, owner: MadeAccount) -> MadeRequest:
    with transaction(now=MONDAY) as context:
        return access_requests.ask(context, owner.customer_id)


def stored(reading: Transaction, request: MadeRequest) -> Any:
    with reading():
        row = select(*AccessRequest.__table__.columns).where(AccessRequest.id == request.id)
        return db.session.execute(row).one()


def lead(
    transaction: Transaction, request: MadeRequest, employee: Actor, *states: State, now: datetime = MONDAY
) -> None:
    with transaction(now=now) as context:
        access_requests.lead_to(context, request, employee.id or 0, *states)


def codes(broken: pytest.ExceptionInfo[RuleBroken]) -> list[tuple[str | None, str]]:
    return [(problem.field, problem.code) for problem in broken.value.problems]


@pytest.mark.parametrize(("before", "after"), [(before, after) for before in WAYS for after in State])
def test_what_the_rules_allow_happens_and_nothing_else(
    before: State,
    after: State,
    request_: MadeRequest,
    employee: Actor,
    transaction: Transaction,
    reading: Transaction,
) -> None:
    way = way_to(before, after)
    lead(transaction, request_, employee, *way)
    if (before, after) in MOVES:
        lead(transaction, request_, employee, after, now=MONDAY + timedelta(hours=1))
        row = stored(reading, request_)
        assert (row.state, row.version) == (after, 2 + len(way))
        assert (row.closed_at is not None) is after.final
        assert (row.extended_at is not None) is (State.EXTENDED in (before, after) or before is after)
        with reading() as context:
            last = timeline.steps(context, request_.id)[-1]
        assert (last.kind, last.staff_id) == (MOVES[before, after].event, employee.id)
        assert (last.letter_id is not None) is (MOVES[before, after].letter is not None)
    else:
        with pytest.raises(RuleBroken) as broken, transaction(employee, now=MONDAY) as context:
            move(context, request_.id, after, reason="Syy.")
        assert codes(broken) == [(None, "access_request.no_such_move")]
        assert stored(reading, request_).state == before


@pytest.mark.parametrize(("before", "after"), list(MOVES))
def test_every_demand_is_named_when_it_is_not_met(
    before: State, after: State, request_: MadeRequest, employee: Actor, transaction: Transaction, reading: Transaction
) -> None:
    # The first month has long passed, which an open question does not keep from passing. Nothing was extended yet.
    met = {Demand.NOT_EXTENDED}
    late = MONDAY + timedelta(days=60)
    lead(transaction, request_, employee, *WAYS[before])
    demands = MOVES[before, after].demands - met
    if demands:
        with pytest.raises(RuleBroken) as broken, transaction(employee, now=late) as context:
            move(context, request_.id, after)
        assert {code for _, code in codes(broken)} == {f"access_request.demand.{demand}" for demand in demands}
        assert stored(reading, request_).state == before
    else:
        with transaction(employee, now=late) as context:
            move(context, request_.id, after)
        assert stored(reading, request_).state == after


def test_the_time_is_extended_once_and_stays_extended(
    request_: MadeRequest, employee: Actor, transaction: Transaction
) -> None:
    lead(transaction, request_, employee, State.IDENTITY_CHECK, State.IDENTITY_CHECK)
    for after in (State.IDENTITY_CHECK, State.IN_PROGRESS):
        with pytest.raises(RuleBroken) as broken, transaction(employee, now=MONDAY) as context:
            move(context, request_.id, after, reason="Syy.")
        assert (None, "access_request.demand.not_extended") in codes(broken)


def test_a_letter_of_another_request_or_kind_does_not_count(
    request_: MadeRequest, owner: MadeAccount, employee: Actor, transaction: Transaction
) -> None:
    with transaction(now=MONDAY) as context:
        other = access_requests.ask(context, owner.customer_id)
        foreign = access_requests.write_letter(context, other, LetterKind.REFUSAL, employee.id or 0)
        wrong = access_requests.write_letter(context, request_, LetterKind.ANSWER, employee.id or 0)
    lead(transaction, request_, employee, State.IN_PROGRESS)
    for letter_id in (foreign, wrong, 999):
        with pytest.raises(RuleBroken) as broken, transaction(employee, now=MONDAY) as context:
            move(context, request_.id, State.REFUSED, reason="Syy.", letter_id=letter_id)
        assert codes(broken) == [(None, f"access_request.demand.{Demand.LETTER}")]


def test_a_checklist_with_a_gap_does_not_count(
    request_: MadeRequest, employee: Actor, transaction: Transaction
) -> None:
    lead(transaction, request_, employee, State.IN_PROGRESS)
    with transaction(now=MONDAY) as context:
        access_requests.attest(context, request_, employee.id or 0, ("mailbox", "paper"))
        access_requests.make_copy(context, request_)
        letter = access_requests.write_letter(context, request_, LetterKind.ANSWER, employee.id or 0)
    with pytest.raises(RuleBroken) as broken, transaction(employee, now=MONDAY) as context:
        move(context, request_.id, State.ANSWERED, letter_id=letter)
    assert codes(broken) == [(None, f"access_request.demand.{Demand.CHECKLIST}")]
    with transaction(employee, now=MONDAY) as context:
        access_requests.attest(context, request_, employee.id or 0, ("till",))
        move(context, request_.id, State.ANSWERED, letter_id=letter)


@pytest.mark.parametrize("actor", [Actor("anonymous"), Actor("job"), Actor("command")])
def test_nobody_else_moves_a_request(actor: Actor, request_: MadeRequest, transaction: Transaction) -> None:
    for state in (State.IN_PROGRESS, State.WITHDRAWN):
        with pytest.raises(RuleBroken) as broken, transaction(actor, now=MONDAY) as context:
            move(context, request_.id, state)
        assert codes(broken) == [(None, "access_request.no_such_move")]


def test_a_customer_withdraws_and_nothing_else(
    request_: MadeRequest, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    customer = Actor("customer", owner.id)
    for state in State:
        if state is not State.WITHDRAWN:
            with pytest.raises(RuleBroken), transaction(customer, now=MONDAY) as context:
                move(context, request_.id, state, reason="Syy.")
    with transaction(customer, now=MONDAY) as context:
        move(context, request_.id, State.WITHDRAWN)
    assert stored(reading, request_).state == State.WITHDRAWN


def test_a_stale_form_changes_nothing(request_: MadeRequest, employee: Actor, transaction: Transaction) -> None:
    lead(transaction, request_, employee, State.IN_PROGRESS)
    with pytest.raises(Stale) as stale, transaction(employee, now=MONDAY) as context:
        move(context, request_.id, State.WITHDRAWN, version=1)
    assert stale.value.version == 2


def test_an_unknown_request_is_not_found(employee: Actor, transaction: Transaction) -> None:
    with pytest.raises(NotFound), transaction(employee, now=MONDAY) as context:
        move(context, 999, State.IN_PROGRESS)


def test_the_question_about_identity_stops_the_clock_and_its_answer_starts_it(
    request_: MadeRequest, employee: Actor, transaction: Transaction, reading: Transaction
) -> None:
    assert stored(reading, request_).due_on == date(2026, 4, 2)
    lead(transaction, request_, employee, State.IDENTITY_CHECK, now=MONDAY + timedelta(days=3))
    with reading(now=MONDAY + timedelta(days=8)) as context:
        steps = timeline.steps(context, request_.id)
        waiting = timeline.deadline(context, date(2026, 3, 2), steps)
    # Five days have gone by: 7 April.
    assert waiting == timeline.Deadline(date(2026, 4, 7), paused_since=date(2026, 3, 5))
    lead(transaction, request_, employee, State.IN_PROGRESS, now=MONDAY + timedelta(days=11))
    assert stored(reading, request_).due_on == date(2026, 4, 10)
    with reading(now=MONDAY + timedelta(days=200)) as context:
        steps = timeline.steps(context, request_.id)
        assert timeline.deadline(context, date(2026, 3, 2), steps) == timeline.Deadline(date(2026, 4, 10))


def test_an_extension_counts_from_receipt_and_is_announced_in_the_first_month(
    request_: MadeRequest, employee: Actor, transaction: Transaction, reading: Transaction
) -> None:
    lead(transaction, request_, employee, State.IN_PROGRESS)
    with transaction(now=MONDAY) as context:
        letter = access_requests.write_letter(context, request_, LetterKind.EXTENSION, employee.id or 0)
    last_day = datetime(2026, 4, 2, 20, 59, tzinfo=UTC)
    with pytest.raises(RuleBroken) as broken, transaction(employee, now=last_day + timedelta(minutes=1)) as context:
        move(context, request_.id, State.EXTENDED, reason="Syy.", letter_id=letter)
    assert codes(broken) == [(None, f"access_request.demand.{Demand.FIRST_MONTH}")]
    with transaction(employee, now=last_day) as context:
        move(context, request_.id, State.EXTENDED, reason="Paljon papereita.", letter_id=letter)
    row = stored(reading, request_)
    assert (row.due_on, row.extended_at) == (date(2026, 6, 2), last_day)


@pytest.mark.security(64)
def test_each_move_is_told_to_the_audit_log(
    request_: MadeRequest, owner: MadeAccount, employee: Actor, transaction: Transaction, reading: Transaction
) -> None:
    lead(transaction, request_, employee, State.IN_PROGRESS, State.REFUSED)
    with reading():
        found = (
            db.session.query(AuditEvent).filter(AuditEvent.action.startswith("access_request.")).order_by("seq").all()
        )
        told = [(event.action, event.customer_id, event.details) for event in found]
    number = request_.reference
    assert told == [
        ("access_request.received", owner.customer_id, {"channel": "account", "request": number}),
        ("access_request.moved", owner.customer_id, {"request": number, "state": "in_progress"}),
        ("access_request.moved", owner.customer_id, {"request": number, "state": "refused"}),
    ]


@pytest.mark.security("R12")
def test_two_employees_at_once_decide_once(
    app: Flask, request_: MadeRequest, employee: Actor, transaction: Transaction, reading: Transaction
) -> None:
    lead(transaction, request_, employee, State.IN_PROGRESS)
    with transaction(now=MONDAY) as context:
        refusal = access_requests.write_letter(context, request_, LetterKind.REFUSAL, employee.id or 0)
        answer = access_requests.write_letter(context, request_, LetterKind.ANSWER, employee.id or 0)
        access_requests.attest(context, request_, employee.id or 0)
        access_requests.make_copy(context, request_)
        other = Actor("staff", builders.staff(context, "privacy").id)
    barrier = Barrier(2)

    def decide(actor: Actor, state: State, letter: int) -> str:
        context = Context(actor, MONDAY, Source.CONTROLLER, "test")
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work(context):
                    move(context, request_.id, state, reason="Syy.", letter_id=letter)
            except RuleBroken as broken:
                return broken.problems[0].code
        return state

    with ThreadPoolExecutor(2) as pool:
        decisions = [
            pool.submit(decide, employee, State.REFUSED, refusal),
            pool.submit(decide, other, State.ANSWERED, answer),
        ]
        outcomes = [decision.result() for decision in decisions]
    assert outcomes.count("access_request.decided") == 1
    decided = stored(reading, request_).state
    assert decided in outcomes
    with reading() as context:
        taken = timeline.steps(context, request_.id)
    assert [step.kind for step in taken if step.kind in (EventKind.REFUSED, EventKind.ANSWERED)] == [decided]
