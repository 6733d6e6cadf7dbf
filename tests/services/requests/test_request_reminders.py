"""Reminders of deadlines: a week before, two days before, when it is over; once each, to whom it concerns."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from portal.jobs import deliver, remind
from portal.mail.render import render
from portal.models.access_request import AccessRequest, AccessRequestEvent, AccessRequestNote
from portal.models.base import db
from portal.models.message import Message
from portal.models.staff import Staff
from portal.rules.access_requests import State
from portal.rules.context import Actor
from portal.services.requests import access_request_papers, request_queue, request_reminders
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction

# Received on Monday 8 June, due on Wednesday 8 July 2026.
RECEIVED, DUE = datetime(2026, 6, 8, 9, 0, tzinfo=UTC), date(2026, 7, 8)
Sent = Callable[[], list[str]]


@pytest.fixture
def team(transaction: Transaction) -> list[builders.MadeStaff]:
    """Two who answer requests, one who did, and one who never may."""
    with transaction(now=RECEIVED) as context:
        builders.staff(context, "privacy", disabled_at=RECEIVED)
        builders.staff(context, "customer_care")
        return [builders.staff(context, "privacy", email=f"{name}@example.com") for name in ("kaisa", "onni")]


@pytest.fixture
def asked(transaction: Transaction) -> MadeRequest:
    """A request of 8 June."""
    with transaction(now=RECEIVED) as context:
        return access_requests.ask(context, builders.account(context).customer_id)


@pytest.fixture
def sent(reading: Transaction) -> Sent:
    """The recipients of all reminders so far."""

    def find() -> list[str]:
        with reading():
            own = select(Message.recipient).where(Message.kind == "request_due").order_by(Message.id)
            return list(db.session.execute(own).scalars())

    return find


@pytest.fixture
def pass_days(transaction: Transaction, sent: Sent) -> Callable[[date, date], list[tuple[date, list[str]]]]:
    """Let days go by with the job running three times on each; returns the days on which somebody was reminded."""

    def run(first: date, last: date) -> list[tuple[date, list[str]]]:
        found, before = [], len(sent())
        day = first
        while day <= last:
            for hour in (1, 9, 20):
                moment = datetime(day.year, day.month, day.day, hour, 7, tzinfo=UTC)
                with transaction(Actor("job"), now=moment) as context:
                    request_reminders.remind(context)
            if len(sent()) > before:
                found.append((day, sorted(sent()[before:])))
                before = len(sent())
            day += timedelta(days=1)
        return found

    return run


def assign(transaction: Transaction, request: MadeRequest, staff_id: int | None) -> None:
    with transaction():
        own = update(AccessRequest).where(AccessRequest.id == request.id)
        db.session.execute(own.values(assigned_id=staff_id, reminded_at=None))


def test_three_times_to_who_answers(transaction: Transaction, team: Any, asked: MadeRequest, pass_days: Any) -> None:
    assign(transaction, asked, team[0].id)
    assert pass_days(RECEIVED.date(), date(2026, 8, 1)) == [
        (date(2026, 7, 1), ["kaisa@example.com"]),
        (date(2026, 7, 6), ["kaisa@example.com"]),
        (date(2026, 7, 9), ["kaisa@example.com"]),
    ]


def test_to_the_whole_team_while_nobody_has_it(team: Any, asked: MadeRequest, pass_days: Any) -> None:
    both = ["kaisa@example.com", "onni@example.com"]
    assert [who for _, who in pass_days(date(2026, 6, 30), date(2026, 7, 10))] == [both] * 3


def test_to_the_team_when_who_had_it_is_gone(
    transaction: Transaction, team: Any, asked: MadeRequest, pass_days: Any
) -> None:
    assign(transaction, asked, team[0].id)
    with transaction():
        db.session.get_one(Staff, team[0].id).disabled_at = RECEIVED
    assert pass_days(date(2026, 7, 1), date(2026, 7, 2)) == [(date(2026, 7, 1), ["onni@example.com"])]


def test_a_machine_that_was_off_reminds_once_of_what_it_missed(team: Any, asked: MadeRequest, pass_days: Any) -> None:
    assert [day for day, _ in pass_days(date(2026, 7, 20), date(2026, 8, 20))] == [date(2026, 7, 20)]


def test_nobody_is_reminded_of_what_waits_for_the_customer_or_is_decided(
    transaction: Transaction, team: Any, asked: MadeRequest, pass_days: Any
) -> None:
    with transaction(now=RECEIVED) as context:
        access_requests.lead_to(context, asked, team[0].id, State.IDENTITY_CHECK)
    assert pass_days(date(2026, 7, 1), date(2026, 7, 20)) == []
    with transaction(now=RECEIVED + timedelta(days=42)) as context:
        access_requests.lead_to(context, asked, team[0].id, State.IN_PROGRESS)
    # Forty-two days stood still, so the deadline is 19 August.
    assert [day for day, _ in pass_days(date(2026, 7, 21), date(2026, 8, 15))] == [date(2026, 8, 12)]
    with transaction(now=RECEIVED + timedelta(days=43)) as context:
        access_requests.lead_to(context, asked, team[0].id, State.WITHDRAWN)
    assert pass_days(date(2026, 8, 16), date(2026, 9, 1)) == []


def test_an_answer_to_the_question_makes_the_clock_run_on_and_reminds(
    transaction: Transaction, team: Any, asked: MadeRequest, pass_days: Any, reading: Transaction
) -> None:
    assign(transaction, asked, team[0].id)
    with transaction(now=RECEIVED) as context:
        access_requests.lead_to(context, asked, team[0].id, State.IDENTITY_CHECK)
    with reading() as context:
        assert request_queue.due_soon(context) == []
    for days in (3, 10):
        with transaction(Actor("customer", None), now=RECEIVED + timedelta(days=days)) as context:
            access_request_papers.write(context, asked.customer_id, asked.reference, "Olen minä.", f"{days:032x}")
    with transaction(Actor("staff", team[0].id), now=RECEIVED + timedelta(days=12)) as context:
        (waiting,) = request_queue.due_soon(context)
        assert (waiting.paused, waiting.answered, waiting.due_on) == (False, True, date(2026, 7, 13))
        assert not waiting.message
        (row,) = request_queue.listing(context, "open").rows
        assert row == waiting and row.days == 23
    # Three days stood still, so 8 July has become Saturday 11 July and that Monday 13 July.
    assert [day for day, _ in pass_days(date(2026, 6, 20), date(2026, 7, 20))] == [
        date(2026, 7, 6), date(2026, 7, 11), date(2026, 7, 14),
    ]  # fmt: skip


def test_a_message_is_told_to_who_answers_without_data(
    transaction: Transaction, team: Any, asked: MadeRequest, reading: Transaction
) -> None:
    def write(number: int) -> list[str]:
        with transaction(Actor("customer", None), now=RECEIVED + timedelta(days=number)) as context:
            access_request_papers.write(context, asked.customer_id, asked.reference, "Salainen sana.", f"{number:032x}")
        with reading():
            own = select(*Message.__table__.columns).where(Message.kind == "request_message").order_by(Message.id)
            rows = db.session.execute(own).all()
            for row in rows:
                mail = render(row)
                assert asked.reference in mail.text and f"/admin/requests/{asked.reference}" in mail.html
                assert "Salainen" not in mail.text + mail.html and "Virtanen" not in mail.text + mail.html
            return [row.recipient for row in rows]

    assert write(1) == ["kaisa@example.com", "onni@example.com"]
    # The same form again is the same message.
    assert len(write(1)) == 2
    assign(transaction, asked, team[1].id)
    assert write(2)[2:] == ["onni@example.com"]


def test_the_mark_goes_when_an_employee_has_done_something(
    transaction: Transaction, team: Any, asked: MadeRequest
) -> None:
    def marked(day: int) -> bool:
        with transaction(Actor("staff", team[0].id), now=RECEIVED + timedelta(days=day)) as context:
            (row,) = request_queue.listing(context, "open").rows
            # Nothing was asked, so nothing was answered.
            assert not row.answered
            return row.message

    assert not marked(0)
    for day in (1, 3):
        with transaction(Actor("customer", None), now=RECEIVED + timedelta(days=day)) as context:
            access_request_papers.write(context, asked.customer_id, asked.reference, "Hei.", f"{day:032x}")
        assert marked(day)
        if day == 1:
            with transaction(now=RECEIVED + timedelta(days=2)) as context:
                access_requests.lead_to(context, asked, team[0].id, State.IN_PROGRESS)
            assert not marked(2)
    note = {"request_id": asked.id, "kind": "to_customer", "body": "Hei.", "staff_id": team[0].id}
    with transaction() as context:
        moment = RECEIVED + timedelta(days=4)
        db.session.execute(insert(AccessRequestNote).values(**note, written_at=moment, submission=None))
    assert not marked(5)


def test_a_new_deadline_reminds_anew(transaction: Transaction, team: Any, asked: MadeRequest, pass_days: Any) -> None:
    assert len(pass_days(date(2026, 6, 30), date(2026, 7, 7))) == 2
    with transaction(now=datetime(2026, 7, 7, 21, tzinfo=UTC)) as context:
        access_requests.lead_to(context, asked, team[0].id, State.IN_PROGRESS, State.EXTENDED)
    assert [day for day, _ in pass_days(date(2026, 7, 8), date(2026, 9, 9))] == [
        date(2026, 9, 1), date(2026, 9, 6), date(2026, 9, 9),
    ]  # fmt: skip


def test_each_reminder_is_a_step(
    transaction: Transaction, team: Any, asked: MadeRequest, pass_days: Any, reading: Any
) -> None:
    assign(transaction, asked, team[0].id)
    pass_days(date(2026, 7, 1), date(2026, 7, 6))
    with reading():
        columns = (AccessRequestEvent.kind, AccessRequestEvent.actor_kind, AccessRequestEvent.staff_id)
        found = db.session.execute(select(*columns).order_by(AccessRequestEvent.id)).all()
    assert [tuple(row) for row in found[1:]] == [("reminded", "job", team[0].id)] * 2


def test_the_mail_says_until_when_and_nothing_of_the_customer(
    app: Flask, transaction: Transaction, team: Any, asked: MadeRequest, pass_days: Any, reading: Any
) -> None:
    assign(transaction, asked, team[0].id)
    pass_days(date(2026, 7, 1), date(2026, 7, 9))
    with reading():
        rows = db.session.execute(
            select(*Message.__table__.columns).where(Message.kind == "request_due").order_by(Message.id)
        ).all()
        rendered = [render(row) for row in rows]
    assert [mail.subject for mail in rendered] == [
        "Tarkastuspyynnön määräaika lähestyy", "Tarkastuspyynnön määräaika lähestyy", "Tarkastuspyyntö on myöhässä",
    ]  # fmt: skip
    for mail in rendered:
        assert asked.reference in mail.text and "8.7.2026" in mail.text
        assert f"/admin/requests/{asked.reference}" in mail.html
        assert "Virtanen" not in mail.text + mail.html


@pytest.mark.security("R10")
def test_the_job_reminds_without_mail_and_answered_requests_send_none(
    app: Flask, transaction: Transaction, team: Any, asked: MadeRequest, sent: Sent, reading: Any,
    monkeypatch: pytest.MonkeyPatch, time_machine: Any,
) -> None:  # fmt: skip
    time_machine.move_to(datetime(2026, 7, 1, 9, tzinfo=UTC))
    # Nothing listens there.
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", "smtp://127.0.0.1:9")
    with app.app_context():
        remind.run()
        remind.run()
    assert len(sent()) == 2
    with transaction() as context:
        access_requests.lead_to(context, asked, team[0].id, State.WITHDRAWN)
    with app.app_context():
        deliver.run()
    with reading():
        assert set(db.session.execute(select(Message.status).where(Message.kind == "request_due")).scalars()) == {
            "obsolete"
        }


def test_each_employee_is_written_to_in_the_language_of_the_pages_they_read(
    transaction: Transaction, reading: Transaction, asked: MadeRequest
) -> None:
    with transaction(now=RECEIVED) as context:
        for name, language in (("kaisa", "fi"), ("sven", "sv"), ("jane", "en"), ("uusi", None)):
            builders.staff(context, "privacy", email=f"{name}@example.com", language=language)
    with transaction(Actor("customer", None), now=RECEIVED + timedelta(days=1)) as context:
        access_request_papers.write(context, asked.customer_id, asked.reference, "Olen minä.", "1" * 32)
    with transaction(Actor("job"), now=RECEIVED + timedelta(days=25)) as context:
        assert request_reminders.remind(context) == 1
    with reading():
        for kind in ("request_message", "request_due"):
            own = select(Message.recipient, Message.language).where(Message.kind == kind)
            assert {row.recipient.partition("@")[0]: row.language for row in db.session.execute(own)} == {
                "kaisa": "fi", "sven": "sv", "jane": "en", "uusi": "fi"
            }  # fmt: skip
