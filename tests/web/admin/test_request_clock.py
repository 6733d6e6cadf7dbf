"""The clock of a request: it runs on from the day on which the customer answered, whenever somebody looked."""

from datetime import UTC, date, datetime
from typing import Any

from portal.rules.context import Actor
from portal.rules.deadlines import Pause
from portal.services.requests import access_request_papers
from portal.services.requests import access_request_timeline as timeline
from tests.support import access_requests, builders
from tests.support.fixtures import Transaction
from tests.web.admin.answering import QUESTION, address, row, send, step_of
from tests.web.admin.conftest import Employee


def test_the_clock_runs_on_from_the_day_of_the_answer(
    officer: Employee, reading: Transaction, transaction: Transaction, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 6, 8, 9, 0, tzinfo=UTC), tick=False)
    with transaction() as context:
        owner = builders.account(context, email="aino@example.org", language="en")
        asked = access_requests.ask(context, owner.customer_id, language="en")
    browser, _ = officer(asked)
    send(browser, asked, "identity-question", **QUESTION)
    with transaction(Actor("customer", owner.id), now=datetime(2026, 6, 11, 9, 0, tzinfo=UTC)) as context:
        access_request_papers.write(context, asked.customer_id, asked.reference, "It is me.", "1" * 32)
    time_machine.move_to(datetime(2026, 6, 28, 9, 0, tzinfo=UTC), tick=False)
    again, _ = officer(asked)
    shown = again.get(address(asked))
    assert shown.texts(".page-heading .tag") == ["The customer has answered"]
    assert "The answer came on 11 June 2026, and the clock runs on" in shown.page_text
    assert "Waits for the customer" not in shown.page_text
    assert "The customer has answered" in again.get("/admin/requests").texts("tbody .tag")
    form = again.get(step_of(asked, "identity-confirmed"))
    assert form.select("input[name=answered_on]")[0]["value"] == "2026-06-11"
    for typed, said in (
        ("2026-06-07", "The answer cannot be older than the question of 8 June 2026."),
        ("2026-06-29", "The day of the answer cannot be after today."),
        ("soon", "Enter the day on which the customer answered."),
    ):
        page = again.submit(step_of(asked, "identity-confirmed"), way="log_in", answered_on=typed)
        assert (page.status_code, page.error_summary) == (422, [said])
        assert row(reading, asked).state == "identity_check"
    page = again.follow(again.submit_form(form, way="log_in", button="stage=send"))
    assert "the clock stood still for the identity question, 3 days in all" in page.page_text
    # 8 July and three days is a Saturday.
    assert row(reading, asked).due_on.isoformat() == "2026-07-13"
    with reading() as context:
        assert timeline.pauses(timeline.steps(context, asked.id)) == [Pause(date(2026, 6, 8), date(2026, 6, 11))]
