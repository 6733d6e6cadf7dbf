"""The queue of access requests says no names; a request opens for its own purpose, which is written down."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.models.staff import CustomerOpening
from portal.rules.access_requests import NoteKind, State
from portal.rules.context import Actor
from portal.services.requests import request_notes, request_openings, request_queue
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction
from tests.web.admin.answering import address, entered, lead, step_of
from tests.web.admin.conftest import Employee

QUEUE = "/admin/requests"


def references(page: Any) -> list[str]:
    return list(page.texts("tbody th a"))


def test_the_nearest_deadline_comes_first_and_nobody_is_named(
    officer: Employee, asked: MadeRequest, transaction: Transaction, events: Any
) -> None:
    browser, member = officer()
    old = entered(transaction, member.id, 25, first_name="Salla", last_name="Salainen")
    page = browser.get(QUEUE)
    assert references(page) == [old.reference, asked.reference]
    assert "By letter" in page.page_text and "In the account" in page.page_text
    for hidden in ("Salainen", "Äyräväinen", "veikko@example.org"):
        assert hidden not in page.page_text
    assert events("staff.orders_listed") == []


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        (0, "30 days left"),
        (23, "7 days left"),
        (29, "1 day left"),
        (30, "Last day today"),
        (31, "1 day late"),
        (33, "3 days late"),
    ],
)
def test_the_days_left_are_said_in_words(
    officer: Employee, asked: MadeRequest, transaction: Transaction, days_ago: int, words: str, time_machine: Any
) -> None:
    # Received on 8 June, due on 8 July 2026, a Wednesday.
    time_machine.move_to(datetime(2026, 6, 8, 9, 0, tzinfo=UTC) + timedelta(days=days_ago), tick=False)
    browser, member = officer()
    entered(transaction, member.id, days_ago)
    assert words in browser.get(QUEUE).page_text


def test_lists_hold_what_they_say(officer: Employee, asked: MadeRequest, transaction: Transaction) -> None:
    browser, member = officer()
    mine, closed = (entered(transaction, member.id, 3) for _ in range(2))
    with transaction():
        db.session.get_one(AccessRequest, mine.id).assigned_id = member.id
    lead(transaction, closed, member, State.WITHDRAWN)
    expected = {"open": {asked, mine}, "mine": {mine}, "unassigned": {asked}, "closed": {closed}}
    for shown, wanted in expected.items():
        found = references(browser.get(f"{QUEUE}?shown={shown}"))
        assert set(found) == {request.reference for request in wanted}, shown
    # Nobody had it, and nobody will.
    assert browser.get(f"{QUEUE}?shown=closed").texts("tbody td")[-1] == "–"
    assert browser.get(f"{QUEUE}?shown=unassigned").texts("tbody td")[-1] == "Nobody yet"


def test_an_open_question_stops_the_clock_visibly(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IDENTITY_CHECK)
    assert "The deadline is paused" in browser.get(QUEUE).page_text
    assert "days left" not in browser.get(QUEUE).page_text
    assert "The day moves on for as long as the deadline is paused." in browser.get(address(asked)).page_text


def test_what_waits_for_the_customer_comes_last_until_the_customer_has_answered(
    officer: Employee, asked: MadeRequest, transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_queue, "PAGE_SIZE", 2)
    browser, member = officer()
    waiting, other, running = (entered(transaction, member.id, days) for days in (9, 8, 7))
    for request in (waiting, other):
        lead(transaction, request, member, State.IDENTITY_CHECK)
    first = browser.get(QUEUE)
    second = browser.get(first.select("a[rel=next]")[0]["href"])
    assert references(first) + references(second) == [item.reference for item in (running, asked, waiting, other)]
    assert second.page_text.count("The deadline is paused") == 2
    assert references(browser.get(second.select("a[rel=prev]")[0]["href"])) == references(first)
    with transaction(Actor("staff", member.id)) as context:
        request_openings.open_request(context, other.reference)
        request_notes.add(
            context, other.reference, NoteKind.FROM_CUSTOMER, "Minä olen.", [], "0" * 32, access_requests.came(context)
        )
    assert references(browser.get(QUEUE)) == [other.reference, running.reference]


def test_a_second_request_within_twelve_months_is_flagged(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, _ = officer()
    with transaction() as context:
        again = access_requests.ask(context, asked.customer_id)
    page = browser.get(QUEUE)
    assert page.page_text.count("Earlier request within twelve months") == 1
    shown = browser.get(address(again))
    assert "That alone is no reason to refuse it." in shown.page_text
    assert shown.select(f"a[href='{address(asked)}']")


@pytest.mark.security(44, 48)
@pytest.mark.parametrize("query", ["shown=everything", "after=x", "after=" + "A" * 32, "after=a&before=b"])
def test_other_lists_and_bad_cursors_are_refused(officer: Employee, query: str) -> None:
    browser, _ = officer()
    assert browser.get(f"{QUEUE}?{query}").status_code == 400


@pytest.mark.security(49)
@pytest.mark.parametrize("shown", ["open", "closed"])
def test_pages_lead_on_and_back(
    officer: Employee, asked: MadeRequest, transaction: Transaction, monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    monkeypatch.setattr(request_queue, "PAGE_SIZE", 2)
    browser, member = officer()
    made = [asked, *(entered(transaction, member.id, days) for days in (9, 9, 5, 2))]
    if shown == "closed":
        for request in made:
            lead(transaction, request, member, State.WITHDRAWN)
    page, seen = browser.get(f"{QUEUE}?shown={shown}"), []
    while True:
        seen += references(page)
        later = page.select("a[rel=next]")
        if not later:
            break
        page = browser.get(later[0]["href"])
    assert sorted(seen) == sorted(request.reference for request in made)
    back = references(page)
    while page.select("a[rel=prev]"):
        page = browser.get(page.select("a[rel=prev]")[0]["href"])
        back = references(page) + back
    assert back == seen


@pytest.mark.parametrize("typed", ["TP-{year}-0001", "tp {year} 1", "{year}-1", "1", " 0001 "])
def test_a_request_is_found_by_its_number(officer: Employee, asked: MadeRequest, typed: str) -> None:
    browser, _ = officer()
    year = asked.reference.split("-")[1]
    answer = browser.submit(QUEUE, term=typed.format(year=year))
    assert (answer.status_code, answer.location) == (303, address(asked))


@pytest.mark.parametrize("typed", ["", "2", "TP-1999-0001", "Äyräväinen", "9" * 30, "1; DROP"])
def test_an_unknown_number_is_said(officer: Employee, typed: str) -> None:
    browser, _ = officer()
    page = browser.submit(QUEUE, term=typed)
    assert (page.status_code, page.fields_in_error) == (422, ["term"])


@pytest.mark.security(64)
def test_a_request_opens_for_its_own_purpose(
    employee: Employee, asked: MadeRequest, uuid_of: Any, events: Any, reading: Transaction
) -> None:
    browser, member = employee("privacy")
    browser.submit(f"/admin/customers/{uuid_of(asked.customer_id)}/open", purpose="customer_contact")
    asks = browser.follow(browser.get(address(asked)))
    assert asks.request.path == address(asked, "open")
    assert "Äyräväinen" not in asks.page_text
    page = browser.follow(browser.submit_form(asks))
    assert page.path == address(asked)
    assert "Veikko Äyräväinen" in page.page_text
    latest = events("staff.customer_opened")[-1]
    assert (latest.staff_id, latest.customer_id, latest.details) == (
        member.id, asked.customer_id, {"purpose": "data_request", "role": "privacy"},
    )  # fmt: skip
    with reading():
        purposes = db.session.execute(select(CustomerOpening.purpose)).scalars().all()
    assert purposes == ["customer_contact", "data_request"]


def test_after_half_an_hour_it_opens_anew(officer: Employee, asked: MadeRequest, time_machine: Any) -> None:
    browser, _ = officer()
    for _ in range(3):
        time_machine.move_to(datetime.now(UTC) + timedelta(minutes=11))
        answer = browser.get(step_of(asked, "take-up"))
    assert answer.location == f"{address(asked, 'open')}?next={step_of(asked, 'take-up')}"


@pytest.mark.security(30, 64)
def test_nobody_answers_their_own_request(employee: Employee, asked: MadeRequest, events: Any) -> None:
    browser, _ = employee("privacy", email="Veikko@example.org")
    answer = browser.submit(address(asked, "open"))
    assert answer.status_code == 403
    (event,) = events("staff.customer_refused")
    assert event.customer_id == asked.customer_id
    assert browser.get(address(asked)).status_code == 303


@pytest.mark.security(32)
@pytest.mark.parametrize("role", ["customer_care", "administrator", "auditor", "orders", "communications"])
def test_requests_are_for_the_privacy_team_alone(employee: Employee, asked: MadeRequest, role: str) -> None:
    browser, _ = employee(role)
    for path in (QUEUE, address(asked), address(asked, "open"), step_of(asked, "refusal"), address(asked, "copy.zip")):
        assert browser.get(path).status_code == 403
    assert "Access requests" not in browser.get("/admin/").page_text


def test_records_that_may_be_of_the_same_person_are_listed(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, _ = officer()
    with transaction() as context:
        same = {"first_name": "VEIKKO", "last_name": "äyräväinen"}
        builders.customer(context, **same, phone="+358509999999", street="Kuubankatu 2")
        builders.customer(context, **same, phone="+358509999998", street="Muualla 1")
        builders.customer(context, first_name="Eero", last_name="Äyräväinen", street="Kuubankatu 2")
    page = browser.get(address(asked))
    assert page.texts("section[aria-labelledby=person] ul a") == ["VEIKKO äyräväinen"]


def test_the_start_page_says_what_is_due(officer: Employee, asked: MadeRequest, transaction: Transaction) -> None:
    browser, member = officer()
    other, colleague = officer()
    late, theirs = (entered(transaction, member.id, 40) for _ in range(2))
    with transaction():
        db.session.get_one(AccessRequest, theirs.id).assigned_id = colleague.id
    assert browser.get("/admin/").texts("section[aria-labelledby=due] dt a") == [late.reference, asked.reference]
    assert theirs.reference in other.get("/admin/").page_text


def test_the_figures_stand_on_a_page_of_their_own(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, member = officer()
    lead(transaction, asked, member, State.IN_PROGRESS, State.REFUSED)
    page = browser.get("/admin/request-figures")
    assert page.texts("tbody tr:first-child td") == ["1", "0", "1", "0", "1", "0", "0", "0"]
    assert browser.get(QUEUE).select("a[href='/admin/request-figures']")
