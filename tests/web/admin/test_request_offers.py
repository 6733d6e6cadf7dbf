"""Steps that are not possible now: not offered, with the reason, and refused on their first page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.rules.access_requests import State
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction
from tests.web.admin.answering import (
    REASON,
    address,
    lead,
    letters,
    pdf,
    prepare_answer,
    row,
    send,
    step_of,
)
from tests.web.admin.conftest import OWNER, Employee


@pytest.fixture
def asked(transaction: Transaction) -> MadeRequest:
    """A request whose letters are in English."""
    with transaction() as context:
        owner = builders.account(context, first_name="Veikko", last_name="Äyräväinen", email=OWNER, language="en")
        return access_requests.ask(context, owner.customer_id, language="en")


def test_the_time_is_extended_within_the_first_month_only(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction, time_machine: Any
) -> None:
    _, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    time_machine.move_to(datetime.now(UTC) + timedelta(days=40))
    browser, _ = officer()
    # No button leads there, the first page refuses, and so does what was filled in before the month was over.
    shown = browser.get(address(asked))
    assert not shown.select(f"a[href='{step_of(asked, 'extension')}']")
    assert "only within the first month" in shown.page_text
    first = browser.get(step_of(asked, "extension"))
    assert "only within the first month" in first.page_text and not first.select("main form")
    for stage in ("check", "send"):
        filled = {"grounds": ["many"], "text": REASON, "version": "2", "stage": stage}
        token = browser.csrf_token(step_of(asked, "refusal"))
        assert browser.post(step_of(asked, "extension"), data={"csrf_token": token, **filled}).status_code == 422
    assert letters(reading, asked) == [] and row(reading, asked).state == "in_progress"


def test_what_the_copy_leaves_out_stands_in_the_letter(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS)
    prepare_answer(transaction, asked, member)
    fields = {"grounds": ["law"], "way": "post", "text": "Notes of ours name two other customers."}
    page = send(browser, asked, "partial-answer", **fields)
    assert (page.status_code, page.fields_in_error) == (422, ["withheld"])
    assert "Nothing is left out." in " ".join(page.error_summary)
    with transaction() as context:
        access_requests.make_copy(context, asked, left_out={"requests.access_request_note": "other_persons"})
    # The whole answer is not offered, and the answer in part is, before anything is written.
    shown = browser.get(address(asked))
    assert (
        not shown.select(f"a[href='{step_of(asked, 'answer')}']")
        and "The copy leaves something out." in shown.page_text
    )
    assert "button--primary" in shown.select(f"a[href='{step_of(asked, 'partial-answer')}']")[0]["class"]
    first = browser.get(step_of(asked, "answer"))
    assert "The copy leaves something out." in first.page_text and not first.select("main form")
    token = browser.csrf_token(step_of(asked, "refusal"))
    forced = {"csrf_token": token, "version": "2", "way": "post", "stage": "send"}
    assert browser.post(step_of(asked, "answer"), data=forced).status_code == 422
    # The ground of the copy is ticked already.
    ticked = browser.get(step_of(asked, "partial-answer")).select("input[name=grounds][checked]")
    assert [control["value"] for control in ticked] == ["others"]
    page = browser.follow(send(browser, asked, "partial-answer", **fields))
    # The account learns of it by mail, and the copy goes by post all the same.
    assert "Print and post: the letter and the copy" in page.page_text
    for later in (address(asked), f"{address(asked)}?on_paper=nothing"):
        # No warning any more; what was to be printed stays beside the letter.
        assert "Print and post" not in " ".join(browser.get(later).texts(".notice"))
        assert "Print and post" in " ".join(browser.get(later).texts("#letters ~ dl"))
    (letter,) = letters(reading, asked)
    text = pdf(browser, asked, letter.number)
    # The ground of the copy is named although it was not ticked.
    for wanted in ("Messages and notes about access requests – left out because it would reveal information about "
                   "another person", "Article 15(4)", "Finnish Data Protection Act, 1050/2018"):  # fmt: skip
        assert wanted in text
    assert row(reading, asked).state == "partly_answered"
