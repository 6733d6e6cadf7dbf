"""The clock of a request: it runs on from the day on which the customer answered, whenever somebody looked."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.rules.access_requests import State
from portal.rules.context import Actor
from portal.rules.deadlines import Pause
from portal.services.requests import access_request_papers
from portal.services.requests import access_request_timeline as timeline
from tests.support import access_requests, builders
from tests.support.fixtures import Transaction
from tests.web.admin.answering import QUESTION, WHY_NOT, address, lead, row, send, step_of
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
    assert "The answer came on 11 June 2026, and the time runs again" in shown.page_text
    assert "Waits for the customer" not in shown.page_text
    assert "The customer has answered" in again.get("/admin/requests").texts("tbody .tag")
    form = again.get(step_of(asked, "identity-confirmed"))
    assert form.select("input[name=answered_on]")[0]["value"] == "2026-06-11"
    for typed, said in (
        ("2026-06-07", "The answer cannot be older than the question of 8 June 2026."),
        ("2026-06-29", "The day of the answer cannot be after today."),
        ("2026-06-12", "The customer wrote on 11 June 2026: the day of the answer cannot be later than that."),
        ("soon", "Enter the day on which the customer answered."),
    ):
        page = again.submit(step_of(asked, "identity-confirmed"), way="log_in", answered_on=typed)
        assert (page.status_code, page.error_summary) == (422, [said])
        assert row(reading, asked).state == "identity_check"
    page = again.submit(step_of(asked, "identity-confirmed"), way="log_in", answered_on="2026-06-10")
    assert "first message since the question came on 11 June 2026" in " ".join(page.error_summary)
    assert page.fields_in_error == ["answered_on"]
    page = again.follow(again.submit_form(form, way="log_in", button="stage=send"))
    assert "paused the deadline for 3 days in all" in page.page_text
    # 8 July and three days is a Saturday.
    assert row(reading, asked).due_on.isoformat() == "2026-07-13"
    with reading() as context:
        assert timeline.pauses(timeline.steps(context, asked.id)) == [Pause(date(2026, 6, 8), date(2026, 6, 11))]


def test_a_letter_ends_the_pause_on_the_day_on_which_it_came(
    officer: Employee, reading: Transaction, transaction: Transaction, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 6, 8, 9, 0, tzinfo=UTC), tick=False)
    with transaction() as context:
        owner = builders.account(context, email="aino@example.org", language="en")
        asked = access_requests.ask(context, owner.customer_id, language="en")
    time_machine.move_to(datetime(2026, 6, 10, 9, 0, tzinfo=UTC), tick=False)
    browser, _ = officer(asked)
    send(browser, asked, "identity-question", **QUESTION)
    # Finland's date is ahead of UTC's.
    time_machine.move_to(datetime(2026, 6, 15, 21, 30, tzinfo=UTC), tick=False)
    again, _ = officer(asked)
    path = address(asked, "correspondence/from-customer")
    (day,) = again.get(path).select("input[name=received_on]")
    # No day is the right one unless the employee knows it.
    assert (day.get("value", ""), day["max"]) == ("", "2026-06-16")
    for typed, said in (
        ("", "Enter the day on which it came, for example 22.11.2026."),
        ("2026-06-17", "Check the day: it cannot be after today."),
        ("2026-06-07", "Check the day: the request itself came on 8 June 2026."),
        ("soon", "Enter the day on which it came, for example 22.11.2026."),
    ):
        page = again.submit(path, channel="letter", received_on=typed, body="I am here.")
        assert (page.status_code, page.error_summary, page.fields_in_error) == (422, [said], ["received_on"])
    # A letter that came before the question is kept, and answers nothing.
    again.follow(again.submit(path, channel="letter", received_on="9.6.2026", body="May I have it soon?"))
    assert "Waits for the customer" in again.get(address(asked)).page_text
    again.follow(again.submit(path, channel="letter", received_on="12.6.2026", body="I am here."))
    shown = again.get(address(asked))
    assert "The answer came on 12 June 2026, and the time runs again" in shown.page_text
    assert "By letter, received 12 June 2026" in shown.texts(".correspondence p.muted")
    with reading() as context:
        assert timeline.pauses(timeline.steps(context, asked.id)) == [Pause(date(2026, 6, 10), date(2026, 6, 12))]
    # 8 July and two days.
    assert row(reading, asked).due_on.isoformat() == "2026-07-10"


def test_a_refusal_after_the_first_month_is_warned_of_and_not_forbidden(
    officer: Employee, reading: Transaction, transaction: Transaction, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 6, 8, 9, 0, tzinfo=UTC), tick=False)
    with transaction() as context:
        asked = access_requests.ask(context, builders.account(context).customer_id, language="en")
    _, member = officer(asked)
    lead(transaction, asked, member, State.IN_PROGRESS, State.EXTENDED)
    warning = "The month for a refusal ended on 8 July 2026"
    time_machine.move_to(datetime(2026, 7, 8, 20, 59, tzinfo=UTC), tick=False)
    assert warning not in officer(asked)[0].get(step_of(asked, "refusal")).page_text
    time_machine.move_to(datetime(2026, 7, 8, 21, 1, tzinfo=UTC), tick=False)
    late, _ = officer(asked)
    assert warning in late.get(step_of(asked, "refusal")).page_text
    assert warning not in late.get(step_of(asked, "withdrawal")).page_text
    shown = late.submit(step_of(asked, "refusal"), grounds="excessive", text=WHY_NOT)
    assert warning in shown.page_text
    late.submit_form(shown, form="form:has(button[value=send])", button="stage=send")
    assert row(reading, asked).state == "refused"


@pytest.mark.parametrize(("way", "day", "due_on"), [("call_back", 10, 10), ("log_in", 11, 13)])
def test_an_answer_before_the_first_message_came_another_way(
    officer: Employee,
    reading: Transaction,
    transaction: Transaction,
    time_machine: Any,
    way: str,
    day: int,
    due_on: int,
) -> None:
    """Asked on 8 June: with two days of pause the month ends on 10 July, with three on Saturday the 11th."""
    time_machine.move_to(datetime(2026, 6, 8, 9, 0, tzinfo=UTC), tick=False)
    with transaction() as context:
        owner = builders.account(context)
        asked = access_requests.ask(context, owner.customer_id, language="en")
    _, member = officer(asked)
    lead(transaction, asked, member, State.IDENTITY_CHECK)
    with transaction(Actor("customer", owner.id), now=datetime(2026, 6, 11, 9, 0, tzinfo=UTC)) as context:
        access_request_papers.write(context, asked.customer_id, asked.reference, "It is me.", "1" * 32)
    time_machine.move_to(datetime(2026, 6, 25, 9, 0, tzinfo=UTC), tick=False)
    browser, _ = officer(asked)
    send(browser, asked, "identity-confirmed", way=way, answered_on=f"2026-06-{day}")
    assert row(reading, asked).due_on == date(2026, 7, due_on)


def test_a_refusal_does_not_make_the_pause_longer_than_until_the_answer(
    transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=datetime(2026, 6, 8, 9, 0, tzinfo=UTC)) as context:
        owner, member = builders.account(context), builders.staff(context, "privacy")
        asked = access_requests.ask(context, owner.customer_id)
        access_requests.lead_to(context, asked, member.id, State.IDENTITY_CHECK)
    with transaction(Actor("customer", owner.id), now=datetime(2026, 6, 11, 9, 0, tzinfo=UTC)) as context:
        access_request_papers.write(context, asked.customer_id, asked.reference, "Who else?", "1" * 32)
    with transaction(now=datetime(2026, 7, 20, 9, 0, tzinfo=UTC)) as context:
        access_requests.lead_to(context, asked, member.id, State.REFUSED)
    assert row(reading, asked).due_on == date(2026, 7, 13)
    with reading() as context:
        assert timeline.pauses(timeline.steps(context, asked.id)) == [Pause(date(2026, 6, 8), date(2026, 6, 11))]
