"""Following one's own access request: state, deadline, letters, messages, withdrawing, remedies."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal.models.access_request import AccessRequestNote
from portal.models.base import db
from portal.rules.access_requests import State
from portal.services.requests import access_request_papers
from tests.support import access_requests as made
from tests.support import builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.access_requests.conftest import ALL, NEW, Own
from tests.web.auth.together import TIMES, press

Lead = Callable[..., None]


@pytest.fixture
def lead(transaction: Transaction, request_: MadeRequest, employee: int) -> Lead:
    """Leads the request through states as an employee does."""

    def go(*states: State, reason: str = "The reason.", now: datetime | None = None) -> None:
        with transaction(now=now) as context:
            made.lead_to(context, request_, employee, *states, reason=reason)

    return go


def url(request: MadeRequest, rest: str = "") -> str:
    return f"{ALL}/{request.reference}{rest}"


def note(transaction: Transaction, request: MadeRequest, kind: str, body: str, employee: int | None = None) -> None:
    with transaction() as context:
        row = AccessRequestNote(request_id=request.id, kind=kind, body=body, written_at=context.now, staff_id=employee)
        db.session.add(row)


def test_the_list_says_what_the_right_is_and_how_each_request_stands(
    asker: InvariantClient, request_: MadeRequest, lead: Lead
) -> None:
    lead(State.IN_PROGRESS)
    page = asker.get(ALL)
    assert page.h1 == "Access requests"
    assert page.texts(".contents__item a") == [request_.reference]
    assert page.texts(".tag") == ["In progress"]
    assert "answer by" in page.texts(".contents__text")[0]


def test_an_open_request_is_named_before_another_is_made(
    asker: InvariantClient, request_: MadeRequest, lead: Lead
) -> None:
    for path in (ALL, NEW):
        page = asker.get(path)
        assert page.texts(".notice__title") == ["You have a request in progress"]
        assert [link["href"] for link in page.select(".notice a")] == [url(request_)]
    assert asker.submit(NEW, scope="everything").status_code == 303
    lead(State.WITHDRAWN)
    assert not asker.get(ALL).select(".notice")
    assert not asker.get(NEW).select(".notice")


def test_without_requests_it_says_so(asker: InvariantClient) -> None:
    assert "You have made no requests" in asker.get(ALL).page_text


@pytest.mark.parametrize(
    ("states", "word", "remedies"),
    [
        ((), "Received", False),
        ((State.IN_PROGRESS,), "In progress", False),
        ((State.IDENTITY_CHECK,), "Waiting for proof of identity", False),
        ((State.IN_PROGRESS, State.EXTENDED), "Time extended", False),
        ((State.IN_PROGRESS, State.ANSWERED), "Answered", False),
        ((State.IN_PROGRESS, State.PARTLY_ANSWERED), "Answered in part", True),
        ((State.IN_PROGRESS, State.REFUSED), "Refused", True),
        ((State.WITHDRAWN,), "Withdrawn", False),
    ],
)
def test_every_state_has_its_tag_timeline_and_remedies(
    states: tuple[State, ...], word: str, remedies: bool, asker: InvariantClient, request_: MadeRequest, lead: Lead
) -> None:
    lead(*states)
    page = asker.get(url(request_))
    assert page.texts(".page-heading .tag") == [word]
    is_open = not states or not states[-1].final
    assert len(page.select(".timeline__step")) == 1 + len(states) + is_open
    assert ("Data Protection Ombudsman" in page.page_text) is remedies
    assert bool(page.select(f"a[href='{url(request_, '/withdraw')}']")) is is_open
    assert bool(page.select(f"a[href='{url(request_, '/message')}']")) is is_open


def test_the_clock_that_stands_still_is_told_with_the_question(
    asker: InvariantClient, request_: MadeRequest, lead: Lead
) -> None:
    lead(State.IDENTITY_CHECK, reason="Is the number 050 123 still yours?")
    page = asker.get(url(request_))
    assert "The deadline has been paused since" in page.page_text
    assert "Is the number 050 123 still yours?" in page.texts(".notice__body")[0]
    for path in ("/account", "/privacy"):
        assert "Answer our question about your identity" in asker.get(path).page_text


def test_an_answer_to_the_question_is_told_as_one(
    asker: InvariantClient, request_: MadeRequest, lead: Lead, own: Own
) -> None:
    lead(State.IDENTITY_CHECK, reason="Is the number 050 123 still yours?")
    asker.submit(url(request_, "/message"), body="It is.")
    page = asker.get(url(request_))
    assert page.texts(".page-heading .tag") == ["We are looking at your answer"]
    assert "Your answer about your identity came on" in page.page_text
    assert "We have asked about your identity" not in page.page_text
    assert page.texts(".timeline__step strong")[-2:-1] == ["You answered"]
    # It stays there once the identity is confirmed.
    lead(State.IN_PROGRESS, reason="Kiitos.")
    page = asker.get(url(request_))
    told = page.texts(".timeline__step strong")
    assert told[1:4] == ["We asked about your identity", "You answered", "Your identity was confirmed"]
    assert [step["lang"] for step in page.select(".timeline__text[lang]")][-1] == "en"


def test_an_extension_is_told_with_its_reasons(asker: InvariantClient, request_: MadeRequest, lead: Lead) -> None:
    lead(State.IN_PROGRESS, State.EXTENDED, reason="There are very many orders.")
    page = asker.get(url(request_))
    assert "we extended the time and told you why" in page.page_text
    assert "There are very many orders." in page.texts(".timeline__text")


def test_a_late_answer_is_owned_up_to(asker: InvariantClient, request_: MadeRequest, owner: MadeAccount) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(days=60), tick=True):
        asker.log_in(owner)
        page = asker.get(url(request_))
    assert "We are sorry." in page.page_text
    assert "Data Protection Ombudsman" in page.page_text


def test_letters_are_downloaded_by_their_number(asker: InvariantClient, request_: MadeRequest, lead: Lead) -> None:
    lead(State.IN_PROGRESS, State.REFUSED)
    page = asker.get(url(request_))
    (link,) = page.select("main a[href*='/letters/']")
    letter = asker.get(str(link["href"]))
    assert (letter.status_code, letter.mimetype) == (200, "application/pdf")
    assert letter.headers["Cache-Control"] == "no-store"
    assert "attachment" in letter.headers["Content-Disposition"]
    assert letter.get_data().startswith(b"%PDF")


@pytest.mark.security(24)
def test_the_answer_leads_to_the_copy_while_it_is_there(
    asker: InvariantClient, request_: MadeRequest, lead: Lead, owner: MadeAccount
) -> None:
    path = url(request_, "/copy.zip")
    lead(State.IN_PROGRESS)
    assert not asker.get(url(request_)).select(f"a[href='{path}']")
    assert asker.get(path).status_code == 404
    lead(State.ANSWERED)
    page = asker.get(url(request_))
    assert page.select(f"a[href='{path}']")
    assert "The copy is here until" in page.page_text
    # The first page leads to it until it was downloaded.
    (task,) = asker.get("/account").select(".tasks a")
    assert "You can download the copy of your data until" in task.get_text() and task["href"] == url(request_)
    file = asker.get(path, buffered=True)
    assert (file.status_code, file.get_data()) == (200, b"PK a copy")
    assert not asker.get("/account").select(".tasks a")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11), tick=True):
        assert (asker.get(path).location or "").startswith("/confirm-password")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=15), tick=True):
        asker.log_in(owner)
        page = asker.get(url(request_))
    assert not page.select(f"a[href='{path}']")
    assert "its 14 days are over" in page.page_text


@pytest.mark.security(33)
def test_a_letter_about_another_request_is_not_found_here(
    asker: InvariantClient, request_: MadeRequest, lead: Lead, transaction: Transaction, owner: MadeAccount
) -> None:
    lead(State.IN_PROGRESS, State.REFUSED)
    (link,) = asker.get(url(request_)).select("main a[href*='/letters/']")
    with transaction() as context:
        other = made.ask(context, owner.customer_id)
    assert asker.get(str(link["href"]).replace(request_.reference, other.reference)).status_code == 404


def test_messages_are_shown_and_inner_notes_are_not(
    asker: InvariantClient, request_: MadeRequest, transaction: Transaction, employee: int
) -> None:
    note(transaction, request_, "to_customer", "Which year do you mean?", employee)
    note(transaction, request_, "internal", "Ask the shop as well.", employee)
    asker.submit(url(request_, "/message"), body="The year\n2025.")
    page = asker.get(url(request_))
    assert page.texts("#messages ~ ul h3") == ["We wrote", "You wrote"]
    assert "Which year do you mean?" in page.page_text
    assert "The year 2025." in page.page_text
    assert "Ask the shop" not in page.page_text


def test_an_empty_message_is_refused(asker: InvariantClient, request_: MadeRequest) -> None:
    page = asker.submit(url(request_, "/message"), body="  ")
    assert (page.status_code, page.error_summary) == (422, ["Write your message."])


def test_a_message_to_a_closed_request_is_kept_and_not_sent(
    asker: InvariantClient, request_: MadeRequest, lead: Lead, reading: Transaction
) -> None:
    page = asker.get(url(request_, "/message"))
    lead(State.WITHDRAWN)
    page = asker.submit_form(page, body="Too late?")
    assert page.status_code == 422
    assert "has been closed meanwhile" in page.error_summary[0]
    with reading():
        assert db.session.query(AccessRequestNote).count() == 0


def test_a_day_takes_so_many_messages_about_a_request_and_keeps_what_was_typed(
    asker: InvariantClient, request_: MadeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_request_papers, "MOST_A_DAY", 2)
    for number in range(2):
        assert asker.submit(url(request_, "/message"), body=f"Message {number}").status_code == 303
    page = asker.submit(url(request_, "/message"), body="One too many")
    assert page.status_code == 422
    assert "You have sent us 2 messages about this request within a day." in page.error_summary[0]
    assert page.select("textarea[name=body]")[0].get_text().strip() == "One too many"


@pytest.mark.security("R12")
def test_the_same_message_twenty_times_at_once_is_one(
    asker: InvariantClient, new_client: NewClient, request_: MadeRequest, reading: Transaction
) -> None:
    answers = press(asker, new_client, url(request_, "/message"), body="Once is enough.")
    assert [answer.status_code for answer in answers] == [303] * TIMES
    with reading():
        assert db.session.query(AccessRequestNote).count() == 1


def test_withdrawing_is_asked_once_more_and_told(
    asker: InvariantClient, request_: MadeRequest, own: Own, reading: Transaction
) -> None:
    page = asker.follow(asker.submit(url(request_, "/withdraw")))
    assert "Your request was withdrawn." in page.page_text
    assert own()[0].request.state == State.WITHDRAWN
    mail = Mailbox(reading).latest("access_request_withdrawn")
    assert mail.recipient == "aile@example.com" and request_.reference in mail.text
    # It names the number and the day: no word of the request and no name.
    assert made.WORDS not in mail.text and "Áile" not in mail.text
    again = asker.get(url(request_, "/withdraw"))
    assert not again.select("main form")


def test_withdrawing_what_was_decided_meanwhile_changes_nothing(
    asker: InvariantClient, request_: MadeRequest, lead: Lead, own: Own
) -> None:
    page = asker.get(url(request_, "/withdraw"))
    lead(State.IN_PROGRESS, State.REFUSED)
    page = asker.submit_form(page)
    assert (page.status_code, own()[0].request.state) == (422, State.REFUSED)


def test_the_privacy_page_and_the_overview_show_what_is_open(
    asker: InvariantClient, request_: MadeRequest, lead: Lead
) -> None:
    for path in ("/privacy", "/account"):
        page = asker.get(path)
        assert f"Your access request {request_.reference}" in page.texts("h2")
        assert page.texts(f"section[aria-labelledby='{request_.reference}'] .timeline strong") == [
            "Received",
            "In progress",
            "Answer at the latest",
        ]
    lead(State.WITHDRAWN)
    for path in ("/privacy", "/account"):
        assert f"Your access request {request_.reference}" not in asker.get(path).texts("h2")


@pytest.mark.security(33)
def test_somebody_elses_request_is_like_none(asker: InvariantClient, transaction: Transaction, employee: int) -> None:
    with transaction() as context:
        stranger = builders.account(context)
        foreign = made.ask(context, stranger.customer_id)
    for rest in ("", "/received", "/withdraw", "/message", "/receipt.pdf"):
        assert asker.get(url(foreign, rest)).status_code == 404
