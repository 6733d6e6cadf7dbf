"""Requests that came by letter, e-mail, telephone or in the shop: written down by whom they reached."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date
from tests.support import builders
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.admin.conftest import Employee
from tests.web.auth.together import TIMES, press

WORDS = "Hyvä asiakaspalvelu,\nhaluan nähdä kaikki tietoni.\n\nTerveisin Máret Guttorm-Aŋŋel"


@pytest.fixture
def who(transaction: Transaction) -> int:
    """A customer without an account, who speaks Swedish."""
    with transaction() as context:
        return builders.customer(context, first_name="Máret", last_name="Ek", email="maret@example.org", language="sv")


@pytest.fixture
def care(employee: Employee, who: int, uuid_of: Any) -> tuple[InvariantClient, str, int]:
    """An employee of customer care who has the customer open, and the customer's address."""
    browser, member = employee("customer_care")
    browser.set_cookie("portal_language", "en")
    browser.language = "en"
    path = f"/admin/customers/{uuid_of(who)}"
    browser.submit(f"{path}/open", purpose="customer_contact")
    return browser, path, member.id


def stored(reading: Transaction) -> list[Any]:
    with reading():
        return list(db.session.execute(select(*AccessRequest.__table__.columns)).all())


def typed(**details: Any) -> dict[str, Any]:
    yesterday = (helsinki_date(datetime.now(UTC)) - timedelta(days=1)).isoformat()
    return {"channel": "letter", "received_on": yesterday, "statement": WORDS, "delivery": "post", **details}


def test_customer_care_writes_a_letter_down_and_tells_the_number(care: Any, who: int, reading: Transaction) -> None:
    browser, path, staff_id = care
    page = browser.get(path)
    assert "The customer has not asked for their data." in page.page_text
    page = browser.follow(browser.submit(f"{path}/requests/new", **typed()))
    (row,) = stored(reading)
    assert page.path == f"{path}/requests/{row.reference}"
    assert row.reference in page.page_text and "Tell the customer" in page.page_text
    assert (row.customer_id, row.channel, row.entered_by_id, row.state) == (who, "letter", staff_id, "received")
    assert (row.statement, row.language, row.delivery, row.signed_at) == (WORDS, "sv", "post", None)
    # The month runs from the day on which it came, not from today.
    assert row.received_on == helsinki_date(datetime.now(UTC)) - timedelta(days=1)
    assert row.reference in browser.get(path).page_text
    receipt = browser.get(f"{path}/requests/{row.reference}/receipt.pdf")
    paper = PdfReader(io.BytesIO(receipt.get_data())).pages[0].extract_text()
    assert row.reference in paper and "Terveisin Máret Guttorm-Aŋŋel" in paper


def test_a_part_of_the_data_may_be_asked_for(care: Any, reading: Transaction) -> None:
    browser, path, _ = care
    page = browser.submit(f"{path}/requests/new", **typed(scope="chosen"))
    assert page.fields_in_error == ["categories"]
    # The employee reads of the customer, not of themselves.
    assert "Messages sent to the customer" in page.page_text and "to you" not in page.page_text
    assert browser.submit_form(page, categories=["purchase", "contact"]).status_code == 303
    assert set(stored(reading)[0].categories) == {"purchase", "contact"}


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"channel": None, "delivery": None, "statement": ""}, ["channel", "statement", "delivery"]),
        ({"received_on": (datetime.now(UTC) + timedelta(days=2)).date().isoformat()}, ["received_on"]),
        ({"received_on": "2001-01-01"}, ["received_on"]),
        ({"channel": None, "received_on": "x"}, ["channel", "received_on"]),
        ({"received_on": "31.2.2026"}, ["received_on"]),
        ({"received_on": ""}, ["received_on"]),
        ({"received_on": "2026-W01-1"}, ["received_on"]),
        ({"statement": "a" * 4001}, ["statement"]),
        ({"contact": "a" * 301}, ["contact"]),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    care: Any, reading: Transaction, wrong: dict[str, Any], fields: list[str]
) -> None:
    browser, path, _ = care
    given = {name: value for name, value in typed(**wrong).items() if value is not None}
    page = browser.submit(f"{path}/requests/new", **given)
    assert (page.status_code, page.fields_in_error) == (422, fields)
    assert page.select("textarea[name=statement]")[0].get_text().strip() == given["statement"].strip()
    assert stored(reading) == []


def test_the_portal_is_offered_to_whoever_has_an_account_alone(
    care: Any, uuid_of: Any, reading: Transaction, transaction: Transaction
) -> None:
    browser, path, _ = care
    page = browser.get(f"{path}/requests/new")
    assert [control["value"] for control in page.select("input[name=delivery]")] == ["post", "pick_up"]
    token = browser.csrf_token(page.path)
    data = {**typed(delivery="portal"), "csrf_token": token, "scope": "everything", "language": "sv"}
    data["submission"] = page.select("input[name=submission]")[0]["value"]
    refused = browser.post(page.path, data=data)
    assert (refused.status_code, refused.fields_in_error) == (422, ["delivery"])
    assert "The customer has no account that can be opened. Choose post or pick-up." in refused.error_summary
    assert stored(reading) == []
    with transaction() as context:
        owner = builders.account(context, email="tili@example.org").customer_id
    path = f"/admin/customers/{uuid_of(owner)}"
    browser.submit(f"{path}/open", purpose="customer_contact")
    assert browser.submit(f"{path}/requests/new", **typed(delivery="portal")).status_code == 303


@pytest.mark.parametrize("written", ["{day}.{month}.{year}", "{day:02}.{month:02}.{year}"])
def test_a_day_may_be_written_as_people_write_it(care: Any, reading: Transaction, written: str) -> None:
    browser, path, _ = care
    day = helsinki_date(datetime.now(UTC)) - timedelta(days=3)
    typed_day = written.format(day=day.day, month=day.month, year=day.year)
    assert browser.submit(f"{path}/requests/new", **typed(received_on=typed_day)).status_code == 303
    assert stored(reading)[0].received_on == day


def test_a_letter_entered_after_its_time_promises_no_day_that_has_passed(care: Any, reading: Transaction) -> None:
    browser, path, _ = care
    today = helsinki_date(datetime.now(UTC))
    entered = browser.follow(
        browser.submit(f"{path}/requests/new", **typed(received_on=(today - timedelta(days=40)).isoformat()))
    )
    (row,) = stored(reading)
    late, due_on = (today - row.due_on).days, format_date(row.due_on, "sv")
    (warning,) = entered.select(".notice--bad")
    assert f"The answer is {late} days late" in warning.get_text() and late > 1
    assert "answers by that day" not in entered.page_text
    receipt = browser.get(f"{path}/requests/{row.reference}/receipt.pdf")
    paper = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(receipt.get_data())).pages).split())
    # The document is of the day on which it was written, and its words are of that day too.
    assert f"{format_date(today, 'sv')} {row.reference}" in paper
    mail = Mailbox(reading).latest("access_request_entered")
    for words in (paper, mail.text, mail.html):
        assert (
            f"gick ut den {due_on}" in words and f"senast {due_on}" not in words and f"senast den {due_on}" not in words
        )


@pytest.mark.security(32)
@pytest.mark.parametrize("role", ["orders", "auditor", "communications"])
def test_other_roles_enter_nothing(employee: Employee, who: int, uuid_of: Any, role: str) -> None:
    browser, _ = employee(role)
    assert browser.get(f"/admin/customers/{uuid_of(who)}/requests/new").status_code == 403


def test_the_customer_is_opened_first(employee: Employee, who: int, uuid_of: Any) -> None:
    browser, _ = employee("customer_care")
    path = f"/admin/customers/{uuid_of(who)}/requests/new"
    assert browser.get(path).location == f"/admin/customers/{uuid_of(who)}/open?next={path}"


@pytest.mark.security(33)
def test_a_number_is_shown_with_its_own_customer_only(
    care: Any, employee: Employee, uuid_of: Any, transaction: Transaction, reading: Transaction
) -> None:
    browser, path, _ = care
    browser.submit(f"{path}/requests/new", **typed())
    with transaction() as context:
        other = builders.customer(context)
    elsewhere = f"/admin/customers/{uuid_of(other)}"
    browser.submit(f"{elsewhere}/open", purpose="order")
    reference = stored(reading)[0].reference
    assert browser.get(f"{elsewhere}/requests/{reference}").status_code == 404


@pytest.mark.security("R12")
def test_the_same_entry_twenty_times_at_once_is_one(care: Any, reading: Transaction, new_client: NewClient) -> None:
    browser, path, _ = care
    answers = press(browser, new_client, f"{path}/requests/new", **typed())
    assert {answer.location for answer in answers} == {f"{path}/requests/{stored(reading)[0].reference}"}
    assert len(answers) == TIMES and len(stored(reading)) == 1


@pytest.mark.parametrize(("language", "word"), [("fi", "Tarkastuspyyntö"), ("sv", "Begäran"), ("en", "Access request")])
def test_anybody_can_print_the_blank_form(client: InvariantClient, language: str, word: str) -> None:
    link = f"/privacy-notice/access-request-{language}.pdf"
    assert client.get("/privacy-notice").select(f"a[href='{link}']")
    answer = client.get(link)
    assert answer.mimetype == "application/pdf"
    assert word in PdfReader(io.BytesIO(answer.get_data())).pages[0].extract_text()
    assert client.get("/privacy-notice/access-request-de.pdf").status_code == 404
