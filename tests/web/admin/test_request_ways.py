"""How an answer reaches the customer: in the portal with an account alone, by post, from the shop, on paper."""

from dataclasses import replace

import pytest

from portal.rules.access_requests import CHOSEN, NoteKind, State
from portal.rules.context import Actor
from portal.rules.request_answers import Answers
from portal.services.requests import request_notes
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction
from tests.web.admin.answering import QUESTION, address, lead, letters, mails, prepare_answer, send, step_of
from tests.web.admin.conftest import Employee


def test_a_customer_without_an_account_gets_everything_on_paper(
    employee: Employee, officer: Employee, reading: Transaction, transaction: Transaction
) -> None:
    with transaction() as context:
        who = builders.customer(context, email="paperi@example.org", language="en")
        worker = builders.staff(context).id
        entered = access_requests.enter(context, who, received_on=context.now.date(), language="en")
    browser, member = officer(entered)
    lead(transaction, entered, member, State.IN_PROGRESS)
    prepare_answer(transaction, entered, member)
    for step in ("answer", "partial-answer"):
        page = browser.get(step_of(entered, step))
        assert [control["value"] for control in page.select("input[name=way]")] == ["post", "pick_up"]
    data = {"csrf_token": browser.csrf_token(page.path), "version": "2", "way": "portal", "stage": "send"}
    refused = browser.post(step_of(entered, "answer"), data=data)
    assert (refused.status_code, refused.fields_in_error) == (422, ["way"])
    assert "The customer has no account that can be opened. Choose post or pick-up." in refused.error_summary
    checked = browser.submit(step_of(entered, "answer"), way="post")
    assert "Print the letter and the copy after this and post them." in checked.page_text
    assert "in the portal" not in checked.page_text
    page = browser.follow(send(browser, entered, "answer", way="post"))
    assert "The customer has no account that can be opened: print it and post it." in page.page_text
    (letter,) = letters(reading, entered)
    (to_do,) = page.select(".notice--warn")
    assert "Print and post: the letter and the copy" in to_do.get_text() and "open index.html" in to_do.get_text()
    # The warning goes with the page; what is to be printed stays beside the letter.
    (beside,) = browser.get(address(entered)).select("#letters ~ dl dd.summary__value")
    assert "Print and post: the letter and the copy" in beside.get_text()
    links = [link["href"] for link in to_do.select("a")]
    assert links == [address(entered, f"letters/{letter.number}.pdf"), address(entered, "copy.zip")]
    assert mails(reading, "request_letter") == []
    assert worker != member.id


def test_nobody_is_asked_to_log_in_to_an_account_that_is_not_there(
    officer: Employee, reading: Transaction, transaction: Transaction
) -> None:
    with transaction() as context:
        who = builders.customer(context, email="paperi@example.org", language="en")
        builders.staff(context)
        entered = access_requests.enter(context, who, received_on=context.now.date(), language="en")
    browser, _ = officer(entered)
    path = step_of(entered, "identity-question")
    page = browser.get(path)
    offered = ["call_back", "known_facts", "document_seen"]
    assert [control["value"] for control in page.select("input[name=way]")] == offered
    data = {"csrf_token": browser.csrf_token(path), "version": "1", "stage": "send", **QUESTION, "way": "log_in"}
    refused = browser.post(path, data=data)
    assert (refused.status_code, refused.fields_in_error) == (422, ["way"])
    assert "The customer has no account that can be opened. Choose another way." in refused.error_summary
    assert letters(reading, entered) == []


def test_an_answer_by_post_tells_what_to_print_and_where_else_it_is_read(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    prepare_answer(transaction, asked, member)
    assert "keep them ready" in browser.submit(step_of(asked, "answer"), way="pick_up").page_text
    checked = browser.submit(step_of(asked, "answer"), way="post").page_text
    assert "post them. The customer can also read the letter in the portal." in checked
    page = browser.follow(send(browser, asked, "answer", way="post"))
    (to_do,) = page.select(".notice--warn")
    assert "print it and the pages in the folder pages" in to_do.get_text()
    # It stays beside the letters, as what is to be printed does.
    assert "open index.html" in browser.get(address(asked)).page_text


def test_what_was_found_outside_goes_along_to_the_page_of_the_answer(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    path = address(asked, "checklist")
    browser.submit(path, mailbox="found", mailbox_note="Viesti maaliskuulta", paper="nothing", till="nothing")
    with transaction() as context:
        access_requests.make_copy(context, asked)
    for step in ("answer", "partial-answer"):
        shown = browser.get(step_of(asked, step))
        assert shown.texts("section[aria-labelledby=found] strong") == ["Found: Mailboxes"]
        assert "Viesti maaliskuulta" in shown.page_text


@pytest.mark.parametrize(
    ("answers", "copied"),
    [
        (Answers(), True),
        (Answers(CHOSEN, ("requests",)), True),
        (Answers(CHOSEN, ("contact", "purchase")), False),
    ],
)
def test_the_checklist_tells_whether_files_of_notes_come_into_the_copy(
    officer: Employee, transaction: Transaction, answers: Answers, copied: bool
) -> None:
    with transaction() as context:
        owner = builders.account(context, email="osa@example.org")
        request = access_requests.ask(context, owner.customer_id, answers)
    browser, _ = officer(request)
    page = browser.get(address(request, "checklist")).page_text
    assert ("Store the documents as files of a note before you make the copy" in page) is copied
    assert ("give the documents to the customer on paper" in page) is not copied


def test_the_answer_about_identity_is_one_of_the_steps(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IDENTITY_CHECK)
    with transaction() as context:
        request_notes.add(
            replace(context, actor=Actor("staff", member.id)),
            asked.reference,
            NoteKind.FROM_CUSTOMER,
            "Se olen minä.",
            [],
            access_requests.submission(),
            access_requests.came(context),
        )
    told = browser.get(address(asked)).texts(".history__item strong")
    assert told[-2:] == ["Identity question sent", "The customer answered about identity"]
    send(browser, asked, "identity-confirmed", way="known_facts")
    told = browser.get(address(asked)).texts(".history__item strong")
    assert told[-3:] == ["Identity question sent", "The customer answered about identity", "Identity confirmed"]
    # The page of a step that came too late names the latest step.
    assert "The latest step: Identity confirmed" in browser.get(step_of(asked, "identity-confirmed")).page_text
