"""The pages of announcements: written in every language, tried on oneself, let go after a last question, or discarded
after one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.jobs import announce
from portal.models.announcement import Announcement
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.rules.announcement_types import MESSAGES
from portal.rules.register import Retention
from portal.rules.retention import kept_since
from tests.support import builders
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.outbox import rows
from tests.web.admin.conftest import Employee
from tests.web.auth.together import press

PAGE = "/admin/announcements"
WORDS: dict[str, Any] = {
    "type": "marketing",
    "subject_fi": "Kevään tarjoukset",
    "text_fi": "Hei!\n\nKatso https://kauppa.example/kevat.",
    "subject_sv": "Vårens erbjudanden",
    "text_sv": "Hej!",
    "subject_en": "Spring offers",
    "text_en": "Hello <b>there</b>!",
}


@pytest.fixture
def writer(employee: Employee) -> InvariantClient:
    """An employee of communications, in English."""
    browser, _ = employee("communications", email="viestija@example.com")
    browser.set_cookie("portal_language", "en")
    browser.language = "en"
    return browser


@pytest.fixture
def run_announcements(app: Flask) -> Callable[[], None]:
    """Does what the schedule does once, but for the mail."""

    def once() -> None:
        with app.app_context():
            announce.run()

    return once


def written(writer: InvariantClient) -> str:
    """The address of a draft."""
    answer = writer.submit(f"{PAGE}/new", **WORDS)
    assert answer.status_code == 303
    return str(answer.location)


def test_a_draft_is_shown_as_customers_read_it(
    writer: InvariantClient, events: Callable[[str], list[AuditEvent]]
) -> None:
    page = writer.get(written(writer))
    assert len(events("announcement.written")) == 1
    assert page.texts("h1") == ["Spring offers"]
    assert page.texts("main h2")[1:4] == ["Kevään tarjoukset", "Vårens erbjudanden", "Spring offers"]
    assert [tag["href"] for tag in page.select("[aria-labelledby=preview-fi] a")] == ["https://kauppa.example/kevat"]
    assert "Hello <b>there</b>!" in page.page_text
    assert page.select("[aria-labelledby=preview-sv] div")[0]["lang"] == "sv"
    assert "Spring offers" in writer.get(PAGE).page_text
    assert "Spring offers" in writer.get("/admin/").page_text


def test_what_is_missing_is_named_and_nothing_typed_is_lost(writer: InvariantClient) -> None:
    page = writer.submit(f"{PAGE}/new", **{**WORDS, "text_sv": "", "subject_en": ""})
    assert (page.status_code, page.fields_in_error) == (422, ["text_sv", "subject_en"])
    assert page.select("[name=subject_fi]")[0]["value"] == WORDS["subject_fi"]


def test_every_empty_field_is_told_in_its_own_words(writer: InvariantClient) -> None:
    nothing: dict[str, Any] = {name: "" for name in WORDS if name != "type"}
    page = writer.submit(f"{PAGE}/new", **nothing)
    told = page.texts(".error-summary li")
    assert page.status_code == 422
    assert len(set(told)) == len(WORDS)
    assert told[0] == "Choose whether it is service information or marketing."
    # Nothing is chosen before the employee chooses.
    assert not writer.get(f"{PAGE}/new").select("[name=type][checked]")


def test_a_draft_is_discarded_after_a_question(
    writer: InvariantClient, events: Callable[[str], list[AuditEvent]]
) -> None:
    address = written(writer)
    question = writer.get(f"{address}/discard")
    assert "Spring offers" in question.page_text
    writer.submit(f"{address}/edit", subject_en="Summer offers")
    stale = writer.submit_form(question)
    assert (stale.status_code, events("announcement.discarded")) == (409, [])
    page = writer.follow(writer.submit_form(stale))
    assert "The draft was discarded." in page.page_text
    assert "Summer offers" not in page.page_text
    assert writer.get(address).status_code == 404
    assert len(events("announcement.discarded")) == 1


def test_service_information_is_confirmed_to_hold_no_advertising(
    writer: InvariantClient, events: Callable[[str], list[AuditEvent]]
) -> None:
    address = writer.submit(f"{PAGE}/new", **{**WORDS, "type": "service"}).location
    question = writer.get(f"{address}/send")
    assert "Customers with an e-mail address" in question.page_text
    refused = writer.submit_form(question)
    assert (refused.status_code, refused.fields_in_error) == (422, ["no_advertising"])
    assert events("announcement.sent") == []
    page = writer.follow(writer.submit_form(refused, no_advertising="y"))
    assert "The announcement is on its way." in page.page_text
    assert "Service information" in page.page_text
    # What is on its way is not discarded.
    assert writer.get(f"{address}/discard").location == address


def test_no_figure_is_told_before_everybody_was_looked_at(
    writer: InvariantClient, run_announcements: Callable[[], None]
) -> None:
    address = written(writer)
    writer.submit(f"{address}/send")
    assert "may not be written to" not in writer.get(address).page_text
    run_announcements()
    assert "may not be written to" in writer.get(address).page_text


def test_a_test_goes_to_oneself_in_every_language(
    writer: InvariantClient, reading: Transaction, events: Callable[[str], list[AuditEvent]]
) -> None:
    address = written(writer)
    page = writer.follow(writer.submit(address, form=f"form[action='{address}/test']"))
    assert "on its way to your own address" in page.page_text
    sent = [(row.kind, row.recipient, row.language, row.customer_id) for row in rows(reading)]
    assert sent == [("announcement_test", "viestija@example.com", language, None) for language in ("fi", "sv", "en")]
    assert len(events("announcement.tested")) == 1


def test_it_is_let_go_after_a_last_question(writer: InvariantClient, events: Callable[[str], list[AuditEvent]]) -> None:
    address = written(writer)
    question = writer.get(f"{address}/send")
    assert "Customers who may be written to now" in question.page_text
    page = writer.follow(writer.submit_form(question))
    assert "The announcement is on its way." in page.page_text
    again = writer.follow(writer.submit_form(question))
    assert again.path == address
    assert len(events("announcement.sent")) == 1
    # What is on its way is changed no more.
    assert writer.get(f"{address}/edit").location == address
    assert writer.get(f"{address}/send").location == address


def test_a_draft_that_changed_meanwhile_is_shown_before_it_goes(
    writer: InvariantClient, events: Callable[[str], list[AuditEvent]]
) -> None:
    address = written(writer)
    question = writer.get(f"{address}/send")
    writer.submit(f"{address}/edit", subject_en="Summer offers")
    stale = writer.submit_form(question)
    assert stale.status_code == 409
    assert "Summer offers" in stale.page_text
    # The walk through the register is done for the question alone.
    assert "Customers who may be written to now" not in stale.page_text
    assert events("announcement.sent") == []
    assert writer.submit_form(stale).status_code == 303
    assert len(events("announcement.sent")) == 1


def test_a_draft_that_is_saved_many_times_at_once_is_one(
    writer: InvariantClient, new_client: NewClient, events: Callable[[str], list[AuditEvent]]
) -> None:
    answers = press(writer, new_client, f"{PAGE}/new", **WORDS)
    assert {answer.status_code for answer in answers} == {303}
    (address,) = {answer.location for answer in answers}
    assert len(writer.get(PAGE).texts("main tbody tr")) == 1
    assert len(events("announcement.written")) == 1
    # Another form is another draft, even with the same words; so is one whose name was taken away.
    assert written(writer) != address
    assert writer.submit(f"{PAGE}/new", extra={"submission": "x"}, **WORDS).location != address
    assert len(writer.get(PAGE).texts("main tbody tr")) == 3


def test_what_became_of_the_messages_is_told_as_long_as_they_are_kept(
    writer: InvariantClient, transaction: Transaction, run_announcements: Callable[[], None]
) -> None:
    address = written(writer)
    writer.submit(f"{address}/send")
    run_announcements()
    assert "Messages sent" in writer.get(address).page_text
    old = kept_since(Retention.MESSAGES, datetime.now(UTC)) - timedelta(days=1)
    with transaction():
        db.session.execute(update(Announcement).values(sent_at=old))
    page = writer.get(address).page_text
    assert "Recipients" in page and "Messages sent" not in page


@pytest.mark.parametrize(
    ("announcement_type", "said"),
    [
        ("service", "Not sent: the address is no longer the customer's"),
        ("marketing", "Not sent: marketing was forbidden meanwhile"),
    ],
)
def test_why_a_message_was_not_needed_is_told_by_the_type(
    announcement_type: str, said: str, writer: InvariantClient, transaction: Transaction
) -> None:
    address = writer.submit(f"{PAGE}/new", **{**WORDS, "type": announcement_type}).location
    with transaction() as context:
        db.session.execute(update(Announcement).values(state="sent", sent_at=context.now))
        row_id = db.session.execute(select(Announcement.id)).scalar_one()
        values = {"kind": MESSAGES[announcement_type], "params": {"announcement": row_id}, "status": "obsolete"}
        builders.message(context, builders.customer(context), **values)
    rows = writer.get(address).texts("dt")
    assert [row for row in rows if row.startswith("Not sent")] == [said]


@pytest.mark.security(32)
@pytest.mark.parametrize("role", ["customer_care", "privacy", "orders", "auditor"])
def test_other_roles_send_nothing(role: str, employee: Employee) -> None:
    browser, _ = employee(role)
    for path in (PAGE, f"{PAGE}/new"):
        assert browser.get(path).status_code == 403


def test_older_newsletters_can_be_reached(writer: InvariantClient) -> None:
    for number in range(21):
        writer.submit(f"{PAGE}/new", **{**WORDS, "subject_en": f"Offers {number}"})
    page = writer.get(PAGE)
    older = writer.get(str(page.select("main .pager a[rel=next]")[0]["href"]))
    assert "Offers 0" in older.texts("main tbody tr")[0]
    assert writer.get(f"{PAGE}?after=x").status_code == 400
