"""A question about identity that nobody has answered for two weeks: brought to mind once, to both sides."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.jobs import remind
from portal.mail.render import render
from portal.models.access_request import AccessRequest, AccessRequestNote
from portal.models.base import db
from portal.models.message import Message
from portal.rules.access_requests import State
from portal.rules.context import Actor
from portal.services.requests import access_request_papers, request_question_reminders, request_queue
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeStaff
from tests.support.fixtures import Transaction

ASKED = datetime(2026, 6, 8, 9, 0, tzinfo=UTC)
TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def officer(transaction: Transaction) -> MadeStaff:
    with transaction(now=ASKED) as context:
        return builders.staff(context, "privacy", email="kaisa@example.com")


@pytest.fixture
def asked(transaction: Transaction, officer: MadeStaff) -> MadeRequest:
    """A request whose owner is asked who they are."""
    with transaction(now=ASKED) as context:
        owner = builders.account(context, email="aino@example.com").customer_id
        request = access_requests.ask(context, owner)
        access_requests.lead_to(context, request, officer.id, State.IDENTITY_CHECK)
    return request


def run(transaction: Transaction, moment: datetime) -> int:
    with transaction(Actor("job"), now=moment) as context:
        return request_question_reminders.remind(context)


def mails(reading: Transaction) -> list[Any]:
    with reading():
        kinds = Message.kind.in_(("request_unanswered", "request_note"))
        return list(db.session.execute(select(*Message.__table__.columns).where(kinds).order_by(Message.id)).all())


def notes(reading: Transaction) -> list[Any]:
    with reading():
        columns = (AccessRequestNote.kind, AccessRequestNote.body, AccessRequestNote.staff_id)
        return [tuple(row) for row in db.session.execute(select(*columns).order_by(AccessRequestNote.id))]


def test_both_sides_are_reminded_once_after_two_weeks(
    transaction: Transaction, reading: Transaction, asked: MadeRequest
) -> None:
    assert run(transaction, ASKED + TWO_WEEKS - timedelta(seconds=1)) == 0
    assert mails(reading) == []
    assert run(transaction, ASKED + TWO_WEEKS) == 1
    assert [(row.kind, row.recipient) for row in mails(reading)] == [
        ("request_note", "aino@example.com"),
        ("request_unanswered", "kaisa@example.com"),
    ]
    ((kind, body, staff_id),) = notes(reading)
    assert (kind, staff_id) == ("to_customer", None) and "8.6.2026" in body
    for later in (timedelta(hours=1), timedelta(days=60)):
        assert run(transaction, ASKED + TWO_WEEKS + later) == 0
    with reading():
        told = [render(row) for row in mails(reading)]
    assert all(asked.reference in mail.text and body not in mail.text for mail in told)
    # It waits for the customer still: what we wrote is no answer.
    with transaction(now=ASKED + TWO_WEEKS) as context:
        assert [row.paused for row in request_queue.listing(context, "open").rows] == [True]


def test_an_answer_or_a_decision_ends_it(
    transaction: Transaction, reading: Transaction, asked: MadeRequest, officer: MadeStaff
) -> None:
    with transaction(now=ASKED) as context:
        decided = access_requests.ask(context, builders.account(context).customer_id)
        access_requests.lead_to(context, decided, officer.id, State.IDENTITY_CHECK, State.REFUSED)
    with transaction(Actor("customer", None), now=ASKED + timedelta(days=13)) as context:
        access_request_papers.write(context, asked.customer_id, asked.reference, "Olen minä.", "0" * 32)
    assert run(transaction, ASKED + timedelta(days=40)) == 0
    assert mails(reading) == []


def test_another_question_reminds_anew(transaction: Transaction, asked: MadeRequest, officer: MadeStaff) -> None:
    assert run(transaction, ASKED + TWO_WEEKS) == 1
    again = ASKED + timedelta(days=20)
    with transaction(now=again) as context:
        access_requests.lead_to(context, asked, officer.id, State.IN_PROGRESS, State.IDENTITY_CHECK)
    assert run(transaction, again + TWO_WEEKS - timedelta(days=1)) == 0
    assert run(transaction, again + TWO_WEEKS) == 1


def test_who_has_no_account_is_left_to_the_employee(
    app: Flask, transaction: Transaction, reading: Transaction, officer: MadeStaff, time_machine: Any
) -> None:
    with transaction(Actor("staff", officer.id), now=ASKED) as context:
        entered = access_requests.enter(context, builders.customer(context), received_on=ASKED.date())
        access_requests.lead_to(context, entered, officer.id, State.IDENTITY_CHECK)
    time_machine.move_to(ASKED + TWO_WEEKS)
    with app.app_context():
        remind.run()
        remind.run()
    assert [(row.kind, row.recipient) for row in mails(reading)] == [("request_unanswered", "kaisa@example.com")]
    assert notes(reading) == []
    with reading():
        assert db.session.execute(select(AccessRequest.question_reminded_at)).scalar_one() is not None
