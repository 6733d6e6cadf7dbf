"""The time is extended while a question about identity is open: told in time, once, and the question stays open."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from portal.models.access_request import AccessRequest
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.rules.context import Actor
from portal.services.requests import access_request_papers
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeAccount
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.admin.answering import QUESTION, REASON, address, kinds, letters, row, send, step_of
from tests.web.admin.conftest import Employee

RECEIVED = datetime(2026, 6, 8, 9, 0, tzinfo=UTC)
EXTENSION: dict[str, Any] = {"grounds": ["complex"], "text": REASON}
WHY_LATE = "The envelope lay in the wrong tray of the post room until this morning."
CONFIRMED: dict[str, Any] = {"way": "call_back", "answered_on": "2026-07-10"}


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction(now=RECEIVED) as context:
        return builders.account(context, email="aino@example.org", language="en")


@pytest.fixture
def asked(transaction: Transaction, owner: MadeAccount) -> MadeRequest:
    with transaction(now=RECEIVED) as context:
        return access_requests.ask(context, owner.customer_id, language="en")


@pytest.fixture
def mailbox(reading: Transaction) -> Mailbox:
    return Mailbox(reading)


def test_a_late_question_does_not_keep_the_extension_from_being_announced(
    officer: Employee,
    asked: MadeRequest,
    owner: MadeAccount,
    reading: Transaction,
    time_machine: Any,
    new_client: NewClient,
    mailbox: Mailbox,
) -> None:
    time_machine.move_to(RECEIVED + timedelta(days=20), tick=False)
    send(officer(asked)[0], asked, "identity-question", **QUESTION, late_reason=WHY_LATE)
    # The last day of the first month.
    time_machine.move_to(datetime(2026, 7, 8, 12, 0, tzinfo=UTC), tick=False)
    browser, _ = officer(asked)
    send(browser, asked, "extension", **EXTENSION)
    found = row(reading, asked)
    assert (found.state, found.due_on, found.extended_at is None) == ("identity_check", date(2026, 9, 8), False)
    body = letters(reading, asked)[-1].body
    assert "Our answer comes by 8 September 2026 at the latest." in body
    assert body.count("We are still waiting for your answer about your identity. Please answer soon.") == 1
    assert "by 8 September 2026 at the latest" in mailbox.latest("request_letter").text
    # Once is enough.
    assert "Extend the time" not in browser.get(address(asked)).texts(".steps-to-take a")
    assert "This step is not possible now" in browser.get(step_of(asked, "extension")).page_text
    customer = new_client()
    customer.log_in(owner)
    page = customer.get(f"/privacy/access-requests/{asked.reference}")
    assert "On 8 July 2026 we extended the time and told you why." in page.page_text
    assert "We answer by 8 September 2026 at the latest." in page.page_text
    assert page.texts(".page-heading .tag") == ["Waiting for proof of identity"]
    # Whoever is identified waits for the answer in the longer time.
    time_machine.move_to(datetime(2026, 7, 10, 12, 0, tzinfo=UTC), tick=False)
    later, _ = officer(asked)
    later.follow(later.submit(step_of(asked, "identity-confirmed"), **CONFIRMED, button="stage=send"))
    found = row(reading, asked)
    assert (found.state, found.due_on) == ("extended", date(2026, 9, 8))
    assert kinds(reading, asked)[-3:] == ["identity_asked", "extended", "identity_confirmed"]
    # The log tells of one extension.
    with reading():
        moved = select(AuditEvent.details).where(AuditEvent.action == "access_request.moved").order_by(AuditEvent.seq)
        told = [details["state"] for details in db.session.execute(moved).scalars()]
    assert told == ["identity_check", "extended", "in_progress"]


def test_a_question_that_stops_the_clock_stops_it_after_the_extension_too(
    officer: Employee, asked: MadeRequest, owner: MadeAccount, reading: Transaction, transaction: Transaction,
    time_machine: Any, mailbox: Mailbox,
) -> None:  # fmt: skip
    time_machine.move_to(RECEIVED + timedelta(days=2), tick=False)
    send(officer(asked)[0], asked, "identity-question", **QUESTION)
    time_machine.move_to(RECEIVED + timedelta(days=20), tick=False)
    browser, _ = officer(asked)
    reckoned = browser.get(step_of(asked, "extension")).texts("section[aria-labelledby=reckoning] p")
    assert reckoned[0].endswith("The day moves on for as long as the deadline is paused.")
    send(browser, asked, "extension", **EXTENSION)
    body = letters(reading, asked)[-1].body
    # 8 September and the eighteen days that the customer has taken so far, a Saturday.
    assert "Our answer comes by 28 September 2026 at the latest." in body
    assert "the time for our answer stands still: the last day above moves on" in body
    words = "For now the last day for our answer is 28 September 2026: it moves on by as many days as your answer"
    assert words in mailbox.latest("request_letter").text
    with transaction(Actor("customer", owner.id), now=RECEIVED + timedelta(days=22)) as context:
        access_request_papers.write(context, owner.customer_id, asked.reference, "It is me.", "1" * 32)
    assert row(reading, asked).due_on == date(2026, 9, 28)


def test_the_database_knows_the_order(
    officer: Employee, asked: MadeRequest, transaction: Transaction, reading: Transaction, time_machine: Any
) -> None:
    time_machine.move_to(RECEIVED + timedelta(days=20), tick=False)
    browser, _ = officer(asked)
    send(browser, asked, "identity-question", **QUESTION, late_reason=WHY_LATE)
    moment = RECEIVED + timedelta(days=21)

    def refused(**values: Any) -> None:
        with pytest.raises(DBAPIError), transaction():
            db.session.execute(update(AccessRequest).where(AccessRequest.id == asked.id).values(**values))

    refused(state="extended")
    refused(state="extended", extended_at=moment)
    refused(due_on=date(2026, 9, 8))
    send(browser, asked, "extension", **EXTENSION)
    refused(state="in_progress")
    refused(extended_at=moment)
    refused(due_on=date(2026, 12, 8))
    assert row(reading, asked).state == "identity_check"


def test_a_question_that_stops_the_clock_does_not_keep_the_extension_possible_for_ever(
    officer: Employee, asked: MadeRequest, reading: Transaction, time_machine: Any
) -> None:
    time_machine.move_to(RECEIVED + timedelta(days=2), tick=False)
    send(officer(asked)[0], asked, "identity-question", **QUESTION)
    time_machine.move_to(datetime(2026, 7, 9, 12, 0, tzinfo=UTC), tick=False)
    browser, _ = officer(asked)
    page = browser.get(step_of(asked, "extension"))
    assert "The time can be extended only within the first month, and that has passed." in page.page_text
    assert row(reading, asked).extended_at is None
