"""A question about identity that comes late: warned of, reasoned, and without any effect on the deadline, anywhere."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.message import Message
from portal.rules.context import Actor
from portal.services.requests import (
    access_request_papers,
    request_question_reminders,
    request_queue,
    request_reminders,
    request_statistics,
)
from portal.services.requests import access_request_timeline as timeline
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.web.admin.answering import QUESTION, WHY_NOT, address, letters, pdf, row, send, step_of
from tests.web.admin.conftest import Employee

RECEIVED = datetime(2026, 6, 8, 9, 0, tzinfo=UTC)
PROMPT, LATE = RECEIVED + timedelta(days=10), RECEIVED + timedelta(days=11)
DUE_ON = date(2026, 7, 8)
WARNING = "It is late for a question about identity: the deadline is not paused"
WHY_LATE = "The envelope lay in the wrong tray of the post room until this morning."


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction(now=RECEIVED) as context:
        return builders.account(context, email="aino@example.org", language="en")


@pytest.fixture
def asked(transaction: Transaction, owner: MadeAccount) -> MadeRequest:
    with transaction(now=RECEIVED) as context:
        return access_requests.ask(context, owner.customer_id, language="en")


@pytest.fixture
def asking(officer: Employee, asked: MadeRequest, time_machine: Any) -> InvariantClient:
    """The browser of an employee who asks on the eleventh day."""
    time_machine.move_to(LATE, tick=False)
    browser, _ = officer(asked)
    send(browser, asked, "identity-question", **QUESTION, late_reason=WHY_LATE)
    return browser


def answer(transaction: Transaction, owner: MadeAccount, asked: MadeRequest, moment: datetime) -> None:
    with transaction(Actor("customer", owner.id), now=moment) as context:
        access_request_papers.write(context, owner.customer_id, asked.reference, "It is me.", "1" * 32)


def test_the_tenth_day_is_prompt_and_asks_for_no_reason(
    officer: Employee, reading: Transaction, asked: MadeRequest, time_machine: Any
) -> None:
    time_machine.move_to(PROMPT, tick=False)
    browser, _ = officer(asked)
    form = browser.get(step_of(asked, "identity-question"))
    assert WARNING not in form.page_text and form.select("[name=late_reason]") == []
    # What nobody was asked for is not kept.
    send(browser, asked, "identity-question", **QUESTION)
    with reading() as context:
        assert timeline.steps(context, asked.id)[-1].late_reason is None
        assert timeline.deadline(context, RECEIVED.date(), timeline.steps(context, asked.id)).paused_since is not None


def test_a_late_question_is_warned_of_and_needs_its_reason_and_nothing_typed_is_lost(
    officer: Employee, reading: Transaction, asked: MadeRequest, time_machine: Any
) -> None:
    time_machine.move_to(LATE, tick=False)
    browser, _ = officer(asked)
    form = browser.get(step_of(asked, "identity-question"))
    assert WARNING in form.page_text
    assert "Only a question of 18 June 2026 at the latest would have stopped it." in form.page_text
    page = browser.submit_form(form, **QUESTION, button="stage=check")
    assert page.error_summary == ["Write why the question comes so late."]
    page = browser.submit_form(page, **QUESTION, late_reason="Busy.", button="stage=check")
    assert (page.status_code, page.fields_in_error) == (422, ["late_reason"])
    assert page.select("textarea[name=late_reason]")[0].get_text(strip=True) == "Busy."
    assert page.select("textarea[name=text]")[0].get_text(strip=True) == QUESTION["text"]
    letter = browser.submit_form(page, **QUESTION, late_reason=WHY_LATE, button="stage=check")
    told = " ".join(letter.texts("article.letter p"))
    assert "This question does not move the last day for our answer, which is 8 July 2026." in told
    assert WHY_LATE not in told and "stands still" not in told
    browser.submit_form(letter, form="form:has(button[value=send])", button="stage=send")
    stored = row(reading, asked)
    assert (stored.state, stored.due_on) == ("identity_check", DUE_ON)
    (kept,) = letters(reading, asked)
    assert WHY_LATE not in kept.body and WHY_LATE not in pdf(browser, asked, kept.number)
    with reading():
        logged = db.session.execute(select(AuditEvent.action, AuditEvent.details)).all()
    assert [event.action for event in logged].count("access_request.asked_late") == 1
    assert all(WHY_LATE not in str(event.details) for event in logged)


def test_a_form_that_was_opened_in_time_and_sent_late_asks_for_the_reason(
    officer: Employee, reading: Transaction, asked: MadeRequest, time_machine: Any
) -> None:
    """Helsinki's day decides: the eleventh begins at 21 UTC."""
    time_machine.move_to(datetime(2026, 6, 18, 20, 59, tzinfo=UTC), tick=False)
    browser, _ = officer(asked)
    letter = browser.submit(step_of(asked, "identity-question"), **QUESTION)
    assert "the time for our answer stands still" in letter.page_text
    time_machine.move_to(datetime(2026, 6, 18, 21, 1, tzinfo=UTC), tick=False)
    page = browser.submit_form(letter, form="form:has(button[value=send])", button="stage=send")
    assert (page.status_code, page.fields_in_error) == (422, ["late_reason"])
    assert page.select("textarea[name=text]")[0].get_text(strip=True) == QUESTION["text"]
    assert row(reading, asked).state == "received"


def test_employees_see_the_days_go_by(
    asking: InvariantClient,
    officer: Employee,
    transaction: Transaction,
    owner: MadeAccount,
    asked: MadeRequest,
    time_machine: Any,
) -> None:
    queue = asking.get("/admin/requests")
    assert "19 days left" in queue.page_text and "The deadline is paused" not in queue.page_text
    shown = asking.get(address(asked))
    assert WHY_LATE in shown.page_text
    assert "The identity question of 19 June 2026 came more than 10 days after the receipt" in shown.page_text
    assert "the deadline is paused" not in shown.page_text
    answer(transaction, owner, asked, LATE + timedelta(days=3))
    time_machine.move_to(LATE + timedelta(days=4), tick=False)
    later, _ = officer(asked)
    shown = later.get(address(asked))
    assert "The answer came on 22 June 2026." in shown.page_text and "runs on" not in shown.page_text
    assert "The deadline stays as it is" in later.get(step_of(asked, "identity-confirmed")).page_text
    send(later, asked, "identity-confirmed", way="log_in", answered_on="2026-06-22")
    assert "15 days left" in later.get(address(asked)).page_text


def test_the_customer_reads_that_the_day_stays(
    asking: InvariantClient, transaction: Transaction, owner: MadeAccount, asked: MadeRequest, client: InvariantClient
) -> None:
    client.set_cookie("portal_language", "en")
    client.log_in(owner)
    path = f"/privacy/access-requests/{asked.reference}"
    page = client.get(path)
    assert "We have asked about your identity" in page.page_text
    assert "The last day for our answer stays as it was." in page.page_text
    assert "We answer by 8 July 2026 at the latest." in page.page_text
    assert "stood still" not in page.page_text and WHY_LATE not in page.page_text
    assert QUESTION["text"] in client.get(f"{path}/message").page_text
    answer(transaction, owner, asked, LATE + timedelta(hours=1))
    page = client.get(path)
    assert "Your answer about your identity came on 19 June 2026." in page.page_text
    assert "runs on" not in page.page_text and "We answer by 8 July 2026" in page.page_text


def test_reminders_go_on_and_both_sides_are_reminded_of_the_question(
    asking: InvariantClient, transaction: Transaction, reading: Transaction, asked: MadeRequest
) -> None:
    """The reminder of the deadline of 1 July does not take the place of that of the question, two days later."""
    with transaction(Actor("job"), now=datetime(2026, 7, 1, 9, 0, tzinfo=UTC)) as context:
        assert request_reminders.remind(context) == 1
        assert [waiting.reference for waiting in request_queue.due_soon(context)] == []
    with transaction(Actor("job"), now=LATE + timedelta(days=14)) as context:
        assert request_question_reminders.remind(context) == 1
        assert request_question_reminders.remind(context) == 0
    with reading() as context:
        sent = db.session.execute(select(Message.kind)).scalars().all()
        (note,) = access_request_papers.messages(context, asked.id)
    assert {"request_due", "request_unanswered", "request_note"} <= set(sent)
    assert "Without an answer we may have to refuse the request." in note.body and "stands still" not in note.body


def test_a_refusal_after_the_month_is_late_in_the_statistics(
    asking: InvariantClient, officer: Employee, reading: Transaction, asked: MadeRequest, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 7, 9, 9, 0, tzinfo=UTC), tick=False)
    browser, _ = officer(asked)
    send(browser, asked, "refusal", grounds="identity", text=WHY_NOT)
    assert (row(reading, asked).state, row(reading, asked).due_on) == ("refused", DUE_ON)
    with reading() as context:
        this_year, _ = request_statistics.years(context)
    assert (this_year.refused, this_year.late) == (1, 1)
