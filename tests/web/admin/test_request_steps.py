"""Each step of answering: what it asks, what its letter says, and that it is taken once, by one employee."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.models.base import db
from portal.models.message import Message
from portal.rules.access_requests import State
from portal.rules.register import Source
from portal.services.register import provenance
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.mailbox import Mailbox
from tests.web.admin.answering import (
    QUESTION,
    REASON,
    WHY_NOT,
    address,
    kinds,
    lead,
    letters,
    mails,
    pdf,
    prepare_answer,
    row,
    send,
    step_of,
)
from tests.web.admin.conftest import OWNER, Employee

REMEDIES = ("Data Protection Ombudsman (Article 77", "tietosuoja@om.fi", "a court (Article 79", "Testi Henkilö")


@pytest.fixture
def asked(transaction: Transaction) -> MadeRequest:
    """A request whose letters are in English."""
    with transaction() as context:
        owner = builders.account(context, first_name="Veikko", last_name="Äyräväinen", email=OWNER, language="en")
        return access_requests.ask(context, owner.customer_id, language="en")


def test_taking_up_makes_it_ones_own(officer: Employee, asked: MadeRequest, reading: Transaction, events: Any) -> None:
    browser, member = officer()
    page = browser.follow(send(browser, asked, "take-up"))
    assert "The step was stored." in page.page_text
    stored = row(reading, asked)
    assert (stored.state, stored.assigned_id) == ("in_progress", member.id)
    assert kinds(reading, asked) == ["received", "taken_up"]
    assert [event.details["state"] for event in events("access_request.moved")] == ["in_progress"]
    assert letters(reading, asked) == []


def test_who_typed_nothing_is_not_sent_to_look_for_it(officer: Employee, asked: MadeRequest) -> None:
    browser, _ = officer()
    shown = browser.get(step_of(asked, "take-up"))
    send(browser, asked, "take-up")
    page = browser.submit_form(shown, button="stage=send")
    assert page.status_code == 409
    assert "The request has moved on" in page.page_text and "What you typed" not in page.page_text


def test_a_question_about_identity_stops_the_clock_until_it_is_answered(
    officer: Employee, reading: Transaction, transaction: Transaction, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 6, 8, 9, 0, tzinfo=UTC), tick=False)
    with transaction() as context:
        owner = builders.account(context, email="aino@example.org", language="en")
        asked = access_requests.ask(context, owner.customer_id, language="en")
    browser, _ = officer(asked)
    shown = browser.submit(step_of(asked, "identity-question"), **QUESTION)
    letter = " ".join(shown.select("article.letter")[0].get_text().split())
    assert "The request came from an address or number that the register does not know." in letter
    assert "We call you at a number that has been in the register for longer." in letter
    # What is asked stands before why it is asked.
    assert letter.index(QUESTION["text"]) < letter.index("The request came from an address")
    assert letter.count(QUESTION["text"]) == 1
    page = browser.follow(send(browser, asked, "identity-question", **QUESTION))
    assert "the customer was told by mail" in page.page_text
    (stored,) = letters(reading, asked)
    assert (stored.kind, stored.number, stored.language) == ("identity_question", "K-2026-0001", "en")
    assert mails(reading, "request_letter") == ["aino@example.org"]
    assert "Waits for the customer: the deadline is paused" in page.page_text
    time_machine.move_to(datetime(2026, 6, 13, 9, 0, tzinfo=UTC), tick=False)
    again, _ = officer(asked)
    page = again.follow(send(again, asked, "identity-confirmed", way="call_back"))
    assert "paused the deadline for 5 days in all" in page.page_text
    assert kinds(reading, asked)[-1] == "identity_confirmed"
    # 8 June and a month, and the five days.
    assert row(reading, asked).due_on.isoformat() == "2026-07-13"


def test_an_extension_says_until_when_and_why(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    announced = browser.get(step_of(asked, "extension")).page_text
    send(browser, asked, "extension", grounds=["complex", "many"], text=REASON)
    (letter,) = letters(reading, asked)
    stored = row(reading, asked)
    assert stored.state == "extended" and stored.extended_at is not None
    day = f"{stored.due_on.day} {stored.due_on:%B} {stored.due_on.year}"
    assert f"If you extend the time, it ends on {day}." in announced
    for wanted in (day, "The request is complex.", "We have received many requests.", REASON, *REMEDIES):
        assert wanted in pdf(browser, asked, letter.number)


def hindrances(browser: InvariantClient, asked: MadeRequest) -> set[str]:
    """What hinders the answer: neither kind is offered then, each is refused with the same words, and a link for each,
    once, leads to where it is mended."""
    pages = {"Search the sources outside the system": "checklist", "Make a copy of the data": "copy"}
    pages["Make a new copy of the data: this one is more than 4 days old"] = "copy"
    shown = browser.get(address(asked))
    found = {words for words in pages if words in shown.texts("#next ~ ul a, section[aria-labelledby=next] ul a")}
    assert ("Before you answer" in shown.texts("h3")) is bool(found)
    assert all(shown.page_text.count(words) == 1 for words in found)
    token = browser.csrf_token(step_of(asked, "refusal"))
    for step in ("answer", "partial-answer"):
        assert bool(shown.select(f"a[href='{step_of(asked, step)}']")) is (not found)
        first = browser.get(step_of(asked, step))
        assert bool(first.select("main form")) is (not found)
        for words in found:
            assert words in first.texts(f".notice a[href='{address(asked, pages[words])}']")
        if found:
            forced = {"csrf_token": token, "version": "2", "way": "portal", "stage": "send"}
            assert browser.post(step_of(asked, step), data=forced).status_code == 422
    return found


def test_no_answer_goes_out_before_every_source_was_searched_and_a_copy_is_there(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    search, copy = "Search the sources outside the system", "Make a copy of the data"
    old = "Make a new copy of the data: this one is more than 4 days old"
    assert hindrances(browser, asked) == {search, copy}
    assert "No answer goes out before every source" in browser.get(address(asked)).page_text
    with transaction() as context:
        access_requests.attest(context, asked, member.id, ("mailbox", "paper"))
    assert hindrances(browser, asked) == {search, copy}
    with transaction() as context:
        access_requests.attest(context, asked, member.id, ("till",))
    assert hindrances(browser, asked) == {copy}
    assert "All sources have been searched." in browser.get(address(asked)).page_text
    with transaction(now=datetime.now(UTC) - timedelta(days=5)) as context:
        access_requests.make_copy(context, asked)
    assert hindrances(browser, asked) == {old}
    with transaction() as context:
        access_requests.make_copy(context, asked)
    assert hindrances(browser, asked) == set()
    assert send(browser, asked, "answer", way="portal").status_code == 303
    assert row(reading, asked).state == "answered"


def test_an_answer_tells_the_customer_without_telling_the_mailbox(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    prepare_answer(transaction, asked, member)
    page = browser.follow(send(browser, asked, "answer", way="portal", text="Two letters from 2024 come by post."))
    assert "Answered" in page.page_text
    (letter,) = letters(reading, asked)
    text = pdf(browser, asked, letter.number)
    for wanted in ("Two letters from 2024 come by post.", "You find the copy in the portal", "Veikko Äyräväinen",
                   asked.reference, letter.number, *REMEDIES):  # fmt: skip
        assert wanted in text
    with reading():
        params = db.session.execute(select(Message.params).where(Message.kind == "request_letter")).scalar_one()
    assert params == {"letter": letter.id}
    told = Mailbox(reading).latest("request_letter").text
    assert f"Our answer to your access request {asked.reference} and the copy of your data are in the service." in told


def test_an_answer_in_part_lists_what_is_left_out_and_why(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    prepare_answer(transaction, asked, member)
    items = "Names of two other customers: they are not about you\n\n  A colleague's telephone number : private "
    fields = {"grounds": ["others"], "way": "post", "withheld": items, "text": "Both stand in one of our notes."}
    assert send(browser, asked, "partial-answer", **fields).status_code == 303
    (letter,) = letters(reading, asked)
    text = pdf(browser, asked, letter.number)
    for wanted in ("Names of two other customers: they are not about you", "A colleague's telephone number : private",
                   "Article 15(4)", "Both stand in one of our notes.", "with this letter", *REMEDIES):  # fmt: skip
        assert wanted in text
    assert row(reading, asked).state == "partly_answered"


def test_a_refusal_needs_reasons_of_our_own(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    page = send(browser, asked, "refusal", text="Twelve months have not passed since the last one.")
    assert (page.status_code, page.fields_in_error) == (422, ["grounds", "text"])
    # One ground is chosen, so the page offers no boxes to tick; identity is named only where it was asked about.
    assert {control["type"] for control in page.select("input[name=grounds]")} == {"radio"}
    assert "identity" not in page.page_text
    page = send(browser, asked, "refusal", grounds="excessive", text="Twelve months have not passed since.")
    assert page.fields_in_error == ["text"]
    assert page.select("textarea[name=text]")[0].get_text().strip() == "Twelve months have not passed since."
    assert page.select("input[value=excessive]")[0].has_attr("checked")
    # Nobody is refused for an identity that was never asked about, nor on two grounds at once.
    for grounds in (["identity"], ["unfounded", "excessive"], ["twelve_months"]):
        token = browser.csrf_token(step_of(asked, "refusal"))
        data = {"csrf_token": token, "version": "2", "grounds": grounds, "text": WHY_NOT, "stage": "send"}
        assert browser.post(step_of(asked, "refusal"), data=data).status_code == 422
    assert send(browser, asked, "refusal", grounds="excessive", text=WHY_NOT).status_code == 303
    (letter,) = letters(reading, asked)
    for wanted in ("We consider the request manifestly excessive", WHY_NOT, *REMEDIES):
        assert wanted in pdf(browser, asked, letter.number)
    assert row(reading, asked).state == "refused"


def test_who_does_not_say_who_they_are_may_be_refused(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IDENTITY_CHECK)
    assert "whose identity could not be established" in browser.get(step_of(asked, "refusal")).page_text
    assert send(browser, asked, "refusal", grounds="identity", text=WHY_NOT).status_code == 303
    assert row(reading, asked).state == "refused"


def test_a_withdrawal_is_written_down_with_how_it_was_told(
    officer: Employee, asked: MadeRequest, reading: Transaction
) -> None:
    browser, _ = officer()
    assert send(browser, asked, "withdrawal").fields_in_error == ["way"]
    page = browser.follow(send(browser, asked, "withdrawal", way="phone", text="Called on Monday."))
    assert "By phone" in page.page_text and "Called on Monday." in page.page_text
    assert row(reading, asked).state == "withdrawn"
    assert letters(reading, asked) == [] and mails(reading, "request_letter") == []
    assert mails(reading, "access_request_withdrawn") == [OWNER]


@pytest.mark.parametrize(
    ("way", "detail"),
    [
        ("portal", {"email": "uusi@example.org", "email_identity": "uusi@example.org"}),
        ("post", {"street": "Uusikatu 9"}),
    ],
)
def test_details_changed_lately_never_get_the_copy(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction, way: str, detail: Any
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    prepare_answer(transaction, asked, member)
    with transaction(source=Source.PHONE) as context:
        provenance.set_fields(context, provenance.lock(asked.customer_id), detail)
    page = send(browser, asked, "answer", way=way)
    assert (page.status_code, page.fields_in_error) == (422, ["way"])
    assert row(reading, asked).state == "in_progress"
    # Who comes to the shop is looked at there; who was identified since may have it by every way.
    assert browser.submit(step_of(asked, "answer"), way="pick_up").status_code == 200
    lead(transaction, asked, member, State.IDENTITY_CHECK, State.IN_PROGRESS)
    assert send(browser, asked, "answer", way=way).status_code == 303
