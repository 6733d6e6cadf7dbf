"""The pages of the steps: what was typed is never lost, a letter is seen before it goes, a decision is made once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from flask import g
from sqlalchemy import select

from config import Settings
from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.rules.access_requests import LETTER_PREFIX, State
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.rules.request_steps import STEPS
from portal.services.foundation import documents, numbering
from portal.services.foundation.documents import Document
from portal.services.requests import request_letters
from portal.services.unit_of_work import unit_of_work
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.client import PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.forms import fill, find_form
from tests.web.admin.answering import (
    QUESTION,
    WHY_NOT,
    address,
    kinds,
    lead,
    letters,
    mails,
    prepare_answer,
    row,
    send,
    step_of,
    words,
)
from tests.web.admin.conftest import OWNER, Employee


@pytest.fixture
def asked(transaction: Transaction) -> MadeRequest:
    """A request whose letters are in English."""
    with transaction() as context:
        owner = builders.account(context, first_name="Veikko", last_name="Äyräväinen", email=OWNER, language="en")
        return access_requests.ask(context, owner.customer_id, language="en")


@pytest.mark.parametrize("step", [name for name in STEPS if name not in ("take-up", "answer")])
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction, step: str
) -> None:
    browser, member = officer()
    before = {"identity-confirmed": (State.IDENTITY_CHECK,), "identity-question": (), "withdrawal": ()}
    lead(transaction, asked, member, *before.get(step, (State.IN_PROGRESS,)))
    prepare_answer(transaction, asked, member)
    page = browser.submit(step_of(asked, step), text="ä")
    assert page.status_code == 422
    assert page.select("textarea[name=text]")[0].get_text().strip() == "ä"
    expected = [name for name in ("grounds", "way", "withheld", "text") if page.select(f"[name={name}]")]
    if STEPS[step].shortest == 0:
        expected.remove("text")
    if step == "partial-answer":
        # What the customer asked for is chosen beforehand, and the copy may say all that is left out.
        expected.remove("way")
        expected.remove("withheld")
    assert page.fields_in_error == expected


def test_a_letter_can_be_looked_at_as_a_pdf_and_changed_before_it_goes(
    officer: Employee, asked: MadeRequest, reading: Transaction
) -> None:
    browser, _ = officer()
    shown = browser.submit(step_of(asked, "identity-question"), **QUESTION)
    draft = browser.submit_form(shown, form="form:has(button[value=pdf])", button="stage=pdf")
    assert draft.mimetype == "application/pdf"
    assert "Draft, not sent" in words(draft) and QUESTION["text"] in words(draft)
    edited = browser.submit_form(shown, form="form:has(button[value=send])", button="stage=edit")
    assert edited.status_code == 200
    assert edited.select("textarea[name=text]")[0].get_text().strip() == QUESTION["text"]
    assert edited.select("input[value=unknown_sender]")[0].has_attr("checked")
    assert letters(reading, asked) == [] and row(reading, asked).state == "received"


@pytest.mark.security("R11")
def test_of_two_who_decide_at_once_one_wins_and_the_other_loses_nothing(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    first, member = officer(name="Kaisa Korhonen")
    second, _ = officer(name="Onni Aalto")
    lead(transaction, asked, member, State.IN_PROGRESS)
    prepare_answer(transaction, asked, member)
    checked = second.submit(step_of(asked, "refusal"), grounds="unfounded", text=WHY_NOT)
    assert send(first, asked, "answer", way="portal").status_code == 303
    page = second.submit_form(checked, form="form:has(button[value=send])", button="stage=send")
    assert page.status_code == 409
    assert "The request has moved on" in page.page_text and "Kaisa Korhonen" in page.page_text
    assert WHY_NOT in page.page_text
    assert not page.select("button[name=stage]")
    assert row(reading, asked).state == "answered"
    assert [letter.kind for letter in letters(reading, asked)] == ["answer"]


@pytest.mark.security("R12")
def test_the_same_decision_twenty_times_at_once_is_one(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction, new_client: NewClient
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    checked = browser.submit(step_of(asked, "refusal"), grounds="unfounded", text=WHY_NOT)
    form = find_form(checked.soup, "form:has(button[value=send])")
    data = fill(form, checked.path, {}, "stage=send").data
    cookies = [(cookie.key, cookie.value) for cookie in (browser._cookies or {}).values()]
    barrier = Barrier(20)

    def press() -> PageResponse:
        twin = new_client("en")
        for name, value in cookies:
            twin.set_cookie(name, value)
        barrier.wait()
        return twin.post(step_of(asked, "refusal"), data=data)

    with ThreadPoolExecutor(20) as pool:
        answers = [job.result().status_code for job in [pool.submit(press) for _ in range(20)]]
    assert sorted(answers) == [303] + [409] * 19
    assert [letter.number[-5:] for letter in letters(reading, asked)] == ["-0001"]
    assert mails(reading, "request_letter") == [OWNER]
    assert kinds(reading, asked).count("refused") == 1


def test_a_step_that_is_not_possible_says_so(officer: Employee, asked: MadeRequest, reading: Transaction) -> None:
    browser, _ = officer()
    page = browser.get(step_of(asked, "answer"))
    assert "This step is not possible now" in page.page_text
    assert not page.select("main form")
    token = browser.csrf_token(step_of(asked, "take-up"))
    forced = browser.post(
        step_of(asked, "answer"), data={"csrf_token": token, "version": "1", "stage": "send", "way": "portal"}
    )
    assert forced.status_code == 422
    assert row(reading, asked).state == "received"
    assert browser.get(step_of(asked, "nothing")).status_code == 404


def test_the_copy_in_a_request_that_is_decided_is_not_made_again(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.WITHDRAWN)
    page = browser.submit(address(asked, "copy"))
    assert page.status_code == 422
    with reading():
        assert db.session.query(DataCopy).count() == 0


def test_what_is_left_out_of_a_copy_is_chosen_with_a_reason(
    officer: Employee, asked: MadeRequest, reading: Transaction
) -> None:
    browser, _ = officer()
    page = browser.submit(address(asked, "copy"), left_out=["messages.message"])
    assert (page.status_code, page.fields_in_error) == (422, ["reason"])
    assert page.select("input[value='messages.message']")[0].has_attr("checked")
    # Employees read of the customer, not of themselves.
    assert "Interests the customer has told about: The customer's interests" in page.page_text
    assert "Changes of the customer's details" in page.page_text and "Changes of your details" not in page.page_text
    assert browser.submit_form(page, form="main form", reason="other_persons").status_code == 303
    with reading():
        stored = db.session.execute(select(DataCopy.left_out)).scalar_one()
    assert stored == {"messages.message": "other_persons"}
    # The next one begins with what the newest leaves out.
    assert "The ticks below" not in page.page_text
    again = browser.get(address(asked, "copy"))
    assert "The ticks below are those of the newest copy" in again.page_text
    assert again.select("input[value='messages.message']")[0].has_attr("checked")
    assert again.select("input[value=other_persons]")[0].has_attr("checked")


@pytest.mark.parametrize(
    ("step", "states", "words"),
    [
        ("identity-question", (), "Write what you ask."),
        ("extension", (State.IN_PROGRESS,), "Write why the answer takes longer."),
        ("refusal", (State.IN_PROGRESS,), "Write why the request is refused."),
    ],
)
def test_an_empty_text_is_named_by_what_it_is(
    officer: Employee, asked: MadeRequest, transaction: Transaction, step: str, states: tuple[State, ...], words: str
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, *states)
    summary = browser.submit(step_of(asked, step)).error_summary
    assert words in summary and "Fill in this field." not in summary


def test_the_language_to_write_in_is_named_in_the_language_of_the_page(officer: Employee, asked: MadeRequest) -> None:
    browser, _ = officer()
    for language, sentence in (("sv", "Skriv på detta språk: engelska."), ("fi", "Kirjoita tällä kielellä: englanti.")):
        browser.set_cookie("portal_language", language)
        browser.language = language
        assert sentence in browser.get(step_of(asked, "identity-question")).page_text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("internal", ["Write the note."]),
        ("to-customer", ["Write the message."]),
        (
            "from-customer",
            [
                "Choose how it came.",
                "Enter the day on which it came, for example 22.11.2026.",
                "Write what the customer sent or said.",
            ],
        ),
    ],
)
def test_an_empty_piece_of_correspondence_is_named(
    officer: Employee, asked: MadeRequest, kind: str, words: list[str]
) -> None:
    browser, _ = officer()
    page = browser.submit(address(asked, f"correspondence/{kind}"))
    assert (page.status_code, page.error_summary) == (422, words)


@pytest.mark.security("R11")
def test_a_letter_is_rendered_before_the_transaction_and_again_when_its_number_is_gone(
    officer: Employee,
    asked: MadeRequest,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    browser, _ = officer()
    render, number_of = documents.render, numbering.next_number
    seen: list[bool] = []

    def slow(document: Document) -> bytes:
        seen.append(g.get("portal_writing", False))
        if len(seen) == 1:
            # Meanwhile a colleague sends a letter.
            with unit_of_work(_colleague()) as context:
                number_of(context, LETTER_PREFIX)
        return render(document)

    monkeypatch.setattr(documents, "render", slow)
    assert send(browser, asked, "identity-question", **QUESTION).status_code == 303
    assert seen == [False, False]
    (letter,) = letters(reading, asked)
    assert letter.number.endswith("-0002")
    shown = browser.get(f"{address(asked)}/letters/{letter.number}.pdf")
    assert letter.number in words(shown)
    assert len(list((settings.data_dir / "files").iterdir())) == 1


@pytest.mark.security("R11")
def test_a_letter_whose_request_moves_on_while_it_is_rendered_is_not_sent(
    officer: Employee,
    asked: MadeRequest,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    browser, member = officer()
    render = documents.render

    def slow(document: Document) -> bytes:
        with unit_of_work(_colleague()) as context:
            access_requests.lead_to(context, asked, member.id, State.WITHDRAWN)
        return render(document)

    monkeypatch.setattr(documents, "render", slow)
    page = send(browser, asked, "identity-question", **QUESTION)
    assert page.status_code == 409 and QUESTION["text"] in page.page_text
    assert letters(reading, asked) == [] and row(reading, asked).state == "withdrawn"
    assert not (settings.data_dir / "files").exists() or list((settings.data_dir / "files").iterdir()) == []


def test_after_five_letters_of_others_the_employee_is_asked_to_try_again(
    officer: Employee, asked: MadeRequest, reading: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, _ = officer()
    monkeypatch.setattr(request_letters, "next_number", lambda _context, _prefix: "K-2026-9999")
    page = send(browser, asked, "identity-question", **QUESTION)
    assert page.status_code == 503 and page.headers["Retry-After"]
    assert letters(reading, asked) == [] and row(reading, asked).state == "received"


def _colleague() -> Context:
    return Context(Actor("command"), datetime.now(UTC), Source.CONTROLLER, "test")
