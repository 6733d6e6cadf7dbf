"""The copy that answers a request: asked for before the decision, in part or whole, and the newest alone handed out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.rules.access_requests import CHOSEN, LetterKind, State
from portal.rules.context import Actor, Context
from portal.rules.errors import NotFound, RuleBroken
from portal.rules.register import Category
from portal.rules.request_answers import Answers
from portal.services.data_copy import data_copies, data_copy_queue
from portal.services.requests import access_request_moves, request_copies, request_openings
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction


@pytest.mark.security("R11")
def test_no_copy_is_asked_for_once_somebody_else_has_decided(
    transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as context:
        member = builders.staff(context)
        asked = access_requests.ask(context, builders.account(context).customer_id)
        # What an employee read who was about to ask for a copy when a colleague decided.
        read = request_openings.find(context, asked.reference)
        access_requests.lead_to(context, asked, member.id, State.IN_PROGRESS, State.REFUSED)
    monkeypatch.setattr(request_openings, "require", lambda _context, _reference: read)
    with pytest.raises(RuleBroken) as broken, transaction() as context:
        request_copies.ask(context, asked.reference)
    assert [problem.code for problem in broken.value.problems] == ["access_request.decided"]
    with transaction():
        assert db.session.execute(select(func.count()).select_from(DataCopy)).scalar_one() == 0


@pytest.mark.parametrize("outcome", [State.ANSWERED, State.PARTLY_ANSWERED])
def test_the_fourteen_days_of_a_copy_begin_with_the_decision(transaction: Transaction, outcome: State) -> None:
    made = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    decided = made + timedelta(days=4)
    with transaction(now=made) as context:
        member = builders.staff(context)
        owner = builders.account(context).customer_id
        asked, other = access_requests.ask(context, owner), access_requests.ask(context, owner)
        older = access_requests.make_copy(context, asked)
        newest, others = access_requests.make_copy(context, asked), access_requests.make_copy(context, other)
        access_requests.lead_to(context, asked, member.id, State.IN_PROGRESS)
    with transaction(now=decided) as context:
        access_requests.lead_to(context, asked, member.id, outcome)
    with transaction(now=decided + timedelta(days=14, seconds=-1)) as context:
        assert data_copy_queue.expire(context) == 2
        assert data_copies.open_answer(context, owner, asked.reference).path.is_file()
        over = select(DataCopy.id).where(DataCopy.state == "expired").order_by(DataCopy.id)
        assert db.session.execute(over).scalars().all() == [older, others]
    with transaction(now=decided + timedelta(days=14)) as context:
        with pytest.raises(NotFound):
            data_copies.open_answer(context, owner, asked.reference)
        assert data_copy_queue.expire(context) == 1
        assert db.session.get_one(DataCopy, newest).file_id is None


NOTES = "requests.access_request_note"


def working(context: Context, request: MadeRequest) -> Context:
    """An employee who has the request open."""
    employee = replace(context, actor=Actor("staff", builders.staff(context).id))
    request_openings.open_request(employee, request.reference)
    return employee


def stored() -> list[object]:
    """What the copies leave out, in the order in which they were asked for."""
    return list(db.session.execute(select(DataCopy.left_out).order_by(DataCopy.id)).scalars())


def test_a_part_is_left_out_only_from_the_list_and_with_a_reason(transaction: Transaction) -> None:
    with transaction() as context:
        chosen = Answers(scope=CHOSEN, categories=(Category.REQUESTS,))
        asked = access_requests.ask(context, builders.account(context).customer_id, chosen)
        employee = working(context, asked)
        head = request_openings.find(employee, asked.reference)
        assert {part.category for part in request_copies.choosable(employee, head)} == {Category.REQUESTS}
        for part, reason, code in (
            ("purchase.orders", "other_persons", "request_copy.unknown_part"),
            (NOTES, "security", "request_copy.reason_required"),
            (NOTES, "", "request_copy.reason_required"),
        ):
            with pytest.raises(RuleBroken) as broken:
                request_copies.ask(employee, asked.reference, [part], reason)
            assert [problem.code for problem in broken.value.problems] == [code]
        request_copies.ask(employee, asked.reference, [NOTES], "other_persons")
        assert stored() == [{NOTES: "other_persons"}]


def test_a_copy_that_waits_is_another_one_when_it_leaves_out_something_else(transaction: Transaction) -> None:
    with transaction() as context:
        asked = access_requests.ask(context, builders.account(context).customer_id)
        employee = working(context, asked)
        whole = request_copies.ask(employee, asked.reference)
        partly = request_copies.ask(employee, asked.reference, [NOTES], "other_persons")
        assert whole != partly
        assert request_copies.ask(employee, asked.reference, [NOTES], "other_persons") == partly
        assert stored() == [None, {NOTES: "other_persons"}]


@pytest.mark.parametrize("state", [State.ANSWERED, State.PARTLY_ANSWERED])
def test_a_copy_in_part_is_no_full_answer(transaction: Transaction, state: State) -> None:
    with transaction() as context:
        asked = access_requests.ask(context, builders.account(context).customer_id)
        employee = working(context, asked)
        access_requests.lead_to(context, asked, employee.actor.id or 0, State.IN_PROGRESS)
        access_requests.attest(context, asked, employee.actor.id or 0)
        access_requests.make_copy(context, asked, left_out={NOTES: "other_persons"})
        kind = LetterKind.ANSWER if state is State.ANSWERED else LetterKind.PARTIAL_ANSWER
        letter = access_requests.write_letter(context, asked, kind, employee.actor.id or 0)
        if state is State.PARTLY_ANSWERED:
            access_request_moves.move(employee, asked.id, state, reason="Perustelu.", letter_id=letter)
            return
        with pytest.raises(RuleBroken, match=r"access_request\.demand\.copy"):
            access_request_moves.move(employee, asked.id, state, letter_id=letter)


def test_an_earlier_whole_copy_is_never_handed_out_after_an_answer_in_part(transaction: Transaction) -> None:
    with transaction() as context:
        asked = access_requests.ask(context, builders.account(context).customer_id)
        employee = working(context, asked)
        whole = access_requests.make_copy(context, asked, b"PK whole")
        access_requests.make_copy(context, asked, b"PK in part", left_out={NOTES: "other_persons"})
        assert request_copies.take(employee, asked.reference).path.read_bytes() == b"PK in part"
        access_requests.lead_to(context, asked, employee.actor.id or 0, State.IN_PROGRESS, State.PARTLY_ANSWERED)
        name = db.session.execute(select(DataCopy.uuid).where(DataCopy.id == whole)).scalar_one()
        with pytest.raises(NotFound):
            data_copies.open_file(context, asked.customer_id, name)
        (listed,) = data_copies.of_customer(context, asked.customer_id)
        assert listed.left_out == {NOTES: "other_persons"}
        found = data_copies.open_answer(context, asked.customer_id, asked.reference)
        assert found.path.read_bytes() == b"PK in part"
