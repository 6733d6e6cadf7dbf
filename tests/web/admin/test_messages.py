"""Messages that did not go out, as employees see them and send them again (SECURITY 32, 41, 44, R10)."""

import uuid
from datetime import timedelta
from uuid import UUID

import pytest

from portal.models.base import db
from portal.models.message import Message
from portal.services.messaging import staff_messages
from tests.support import builders
from tests.support.outbox import rows

ROWS = "tbody tr"


@pytest.fixture
def failed(transaction):
    """A message to a customer whose mailbox refused it."""
    with transaction() as context:
        owner = builders.customer(context, email="aino.laitinen@example.com")
        name = builders.message(
            context,
            owner,
            recipient="aino.laitinen@example.com",
            status="failed",
            attempts=1,
            last_error="recipient_550",
        )
    return owner, name


def test_a_row_says_what_stopped_the_message_and_hides_the_address(employee, failed, uuid_of, events):
    browser, _ = employee()
    owner, _name = failed
    page = browser.get("/admin/messages")
    (row,) = page.texts(ROWS)
    assert "Salasana vaihdettiin" in row and "(550)" in row and "1 yritys" in row and "a…@example.com" in row
    assert "laitinen" not in page.get_data(as_text=True)
    assert page.select(f"{ROWS} a")[0]["href"] == f"/admin/customers/{uuid_of(owner)}"
    assert len(events("staff.messages_listed")) == 1


def test_the_address_is_shown_once_the_customer_is_opened_for_a_purpose(employee, failed, uuid_of):
    browser, _ = employee()
    browser.submit(f"/admin/customers/{uuid_of(failed[0])}/open", "main form", purpose="customer_contact")
    assert "aino.laitinen@example.com" in browser.get("/admin/messages").texts(ROWS)[0]
    colleague, _ = employee("privacy")
    assert "laitinen" not in colleague.get("/admin/messages").get_data(as_text=True)


def test_one_message_is_sent_again(employee, failed, reading, events):
    browser, made = employee()
    owner, name = failed
    answer = browser.submit("/admin/messages", f'form[action="/admin/messages/{name}/resend"]')
    page = browser.follow(answer)
    assert "Viesti on taas jonossa" in page.page_text
    (row,) = rows(reading)
    assert (row.status, row.attempts, row.uuid) == ("waiting", 0, name)
    (event,) = events("message.resent")
    assert (event.actor_id, event.customer_id, event.details) == (
        made.id,
        owner,
        {"message": row.id, "kind": "password_changed"},
    )


def test_everything_that_failed_is_sent_again(employee, failed, transaction, reading, events):
    with transaction() as context:
        later = context.now + timedelta(hours=5)
        builders.message(context, failed[0], status="waiting", last_error="connection", next_attempt_at=later)
        builders.message(context, failed[0], status="obsolete")
    browser, _ = employee("administrator")
    page = browser.follow(browser.submit("/admin/messages", 'form[action="/admin/messages/resend"]'))
    assert "Viestit ovat taas jonossa" in page.page_text
    assert sorted(row.status for row in rows(reading)) == ["obsolete", "waiting", "waiting"]
    assert all(row.next_attempt_at < later for row in rows(reading) if row.status == "waiting")
    assert [event.details for event in events("messages.resent")] == [{"count": 2}]


def test_a_message_that_was_sent_meanwhile_is_not_sent_again(employee, failed, transaction, reading, events):
    browser, _ = employee()
    page = browser.get("/admin/messages")
    with transaction():
        db.session.query(Message).update({"status": "sent"})
    answer = browser.submit_form(page, f'form[action="/admin/messages/{failed[1]}/resend"]')
    assert "Viestin tila muuttui" in browser.follow(answer).page_text
    assert [row.status for row in rows(reading)] == ["sent"] and events("message.resent") == []


def test_an_unknown_message_is_a_404(employee, failed):
    browser, _ = employee()
    token = browser.csrf_token("/admin/messages")
    assert browser.post(f"/admin/messages/{UUID(int=5)}/resend", data={"csrf_token": token}).status_code == 404


def test_the_start_page_warns_while_mail_is_stuck(employee, failed, transaction):
    browser, _ = employee()
    assert "1 viesti odottaa" in browser.get("/admin/").page_text
    with transaction() as context:
        assert staff_messages.unsent(context) is not None
        db.session.query(Message).update({"status": "sent"})
    assert not browser.get("/admin/").select(".notice--warn")
    nobody, _ = employee("orders")
    assert not nobody.get("/admin/").select(".notice--warn")


@pytest.mark.security(32)
@pytest.mark.parametrize("role", ["orders", "communications", "auditor"])
def test_other_roles_neither_see_nor_send(employee, failed, role):
    browser, _ = employee(role)
    assert browser.get("/admin/messages").status_code == 403
    assert not browser.get("/admin/").select('a[href="/admin/messages"]')


def test_counts_stop_where_counting_costs_more_than_it_tells(employee, failed, transaction, monkeypatch):
    monkeypatch.setattr(staff_messages, "COUNTED", 2)
    with transaction() as context:
        for _ in range(3):
            builders.message(context, failed[0])
    browser, _ = employee()
    figures = browser.get("/admin/messages").texts(".summary--figures dd")
    assert figures == ["1", "0", "0", "yli 2", "0"]


def test_the_list_goes_there_and_back_and_is_narrowed_down(employee, failed, transaction, monkeypatch):
    monkeypatch.setattr(staff_messages, "PAGE_SIZE", 2)
    with transaction() as context:
        for day in range(1, 5):
            builders.message(
                context,
                None,
                kind="confirm_registration",
                status="waiting",
                attempts=day,
                created_at=context.now + timedelta(days=day),
            )
    browser, _ = employee()
    first = browser.get("/admin/messages")
    second = browser.get(first.select("a[rel=next]")[0]["href"])
    third = browser.get(second.select("a[rel=next]")[0]["href"])
    assert [len(page.texts(ROWS)) for page in (first, second, third)] == [2, 2, 1]
    assert "4 yritystä" in first.texts(ROWS)[0] and "Rekisteröityvä henkilö" in first.texts(ROWS)[0]
    assert browser.get(third.select("a[rel=prev]")[0]["href"]).texts(ROWS) == second.texts(ROWS)
    assert len(browser.get("/admin/messages?status=failed").texts(ROWS)) == 1
    narrowed = browser.get("/admin/messages?status=waiting")
    assert browser.get(narrowed.select("a[rel=next]")[0]["href"]).texts(ROWS) == second.texts(ROWS)


@pytest.mark.security(44, 48)
@pytest.mark.parametrize("query", ["status=sent", "status=x", "after=x", "before=" + "9" * 40, "after=a&before=b"])
def test_what_the_list_does_not_offer_is_a_400(employee, failed, query):
    browser, _ = employee()
    assert browser.get(f"/admin/messages?{query}").status_code == 400


def test_a_name_of_no_uuid_is_no_address(employee, failed):
    browser, _ = employee()
    token = browser.csrf_token("/admin/messages")
    assert browser.post(f"/admin/messages/{uuid.uuid4().hex}x/resend", data={"csrf_token": token}).status_code == 404
