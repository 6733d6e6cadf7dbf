"""What a customer tells an employee: a prohibition needs little, a consent stores what was read and is confirmed."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.consent import ConsentEvent, ConsentLetter
from portal.models.message import Message
from portal.rules.clock import helsinki_date
from portal.rules.consents import Channel
from portal.services.choices import consents
from tests.support.builders import MadeStaff, customer
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.web.admin.conftest import Employee

Opened = Callable[..., tuple[InvariantClient, str, MadeStaff]]
EMAIL = "veikko@example.org"


@pytest.fixture
def veikko(transaction: Transaction) -> int:
    """A customer without an account, who speaks Swedish."""
    with transaction() as context:
        return customer(context, email=EMAIL, first_name="Veikko", last_name="Ek", language="sv")


@pytest.fixture
def opened(employee: Employee, veikko: int, uuid_of: Callable[[int], Any]) -> Opened:
    """An employee who has opened the customer, and the address of the choices."""

    def make(role: str = "customer_care", whom: int = veikko) -> tuple[InvariantClient, str, MadeStaff]:
        browser, made = employee(role)
        browser.set_cookie("portal_language", "en")
        browser.language = "en"
        address = f"/admin/customers/{uuid_of(whom)}"
        browser.submit(f"{address}/open", purpose="customer_contact")
        return browser, f"{address}/consents", made

    return make


def stored(reading: Transaction) -> list[Any]:
    with reading():
        return list(db.session.execute(select(*ConsentEvent.__table__.columns).order_by(ConsentEvent.id)).all())


def mails(reading: Transaction) -> list[Any]:
    with reading():
        columns = (Message.kind, Message.recipient, Message.language, Message.params)
        return list(db.session.execute(select(*columns)).all())


def may_mail(reading: Transaction, whom: int) -> bool:
    with reading() as context:
        return consents.may_contact(context, whom, Channel.EMAIL)


@pytest.mark.security(64)
def test_a_consent_by_phone_stores_what_was_read_and_is_confirmed(
    opened: Opened, veikko: int, reading: Transaction, events: Callable[[str], list[AuditEvent]]
) -> None:
    browser, address, made = opened()
    page = browser.get(f"{address}/marketing_email")
    assert [tag["lang"] for tag in page.select("blockquote")] == ["sv", "fi", "en"]
    assert not page.select("main input[checked]")
    page = browser.follow(browser.submit_form(page, action="given", source="phone", spoken="sv"))
    assert "a confirmation is on its way to the customer" in page.page_text
    (row,) = stored(reading)
    assert (row.customer_id, row.kind, row.action, row.source) == (veikko, "marketing_email", "given", "phone")
    assert (row.actor_kind, row.actor_id, row.language) == ("staff", made.id, "sv")
    assert row.wording.splitlines() == page_lines(browser, address)
    assert mails(reading) == [("consent_by_phone", EMAIL, "sv", {"event": row.id})]
    assert "by letter" not in browser.get(address).texts(".events__item:first-child")[0]
    (event,) = events("consent.recorded")
    details = {"kind": "marketing_email", "choice": "given", "source": "phone"}
    assert (event.staff_id, event.customer_id, event.details) == (made.id, veikko, details)
    assert may_mail(reading, veikko)


def page_lines(browser: InvariantClient, address: str) -> list[str]:
    """The words of the newest choice, as the history shows them."""
    return browser.get(address).texts(".events__item:first-child blockquote p")


def test_a_prohibition_needs_the_customer_s_word_alone(opened: Opened, veikko: int, reading: Transaction) -> None:
    browser, address, _ = opened()
    page = browser.follow(browser.submit(f"{address}/marketing_post", action="forbidden", source="letter"))
    assert "The customer's choice was saved." in page.page_text
    assert "By letter · Kaisa Korhonen" in page.texts(".events__item > p")[0]
    with reading() as context:
        assert not consents.may_contact(context, veikko, Channel.POST)
    assert mails(reading) == []
    lifted = browser.get(f"{address}/marketing_post")
    assert [tag["value"] for tag in lifted.select("input[name=action]")] == ["allowed"]
    browser.submit_form(lifted, action="allowed", source="phone")
    with reading() as context:
        assert consents.may_contact(context, veikko, Channel.POST)


@pytest.mark.parametrize("source", ["email", "in_store", "letter"])
def test_what_the_customer_wrote_or_signed_is_not_confirmed_again(
    source: str, opened: Opened, veikko: int, reading: Transaction
) -> None:
    browser, address, _ = opened()
    browser.submit(f"{address}/marketing_sms", action="given", source=source, spoken="fi")
    assert [(row.action, row.source, row.language) for row in stored(reading)] == [("given", source, "fi")]
    assert mails(reading) == []


def test_without_an_address_the_confirmation_goes_by_letter(
    opened: Opened, transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        toivo = customer(context, email=None)
    browser, address, _ = opened(whom=toivo)
    page = browser.follow(browser.submit(f"{address}/marketing_sms", action="given", source="phone", spoken="fi"))
    assert "send the confirmation by letter" in page.page_text
    # It is told for as long as the confirmation could be looked for, not on the next page alone: as a fact, for nothing
    # knows whether the letter was posted, and nobody is to post it again and again.
    for _ in range(2):
        assert "it is confirmed by letter" in browser.get(address).texts(".events__item:first-child")[0]
    assert (len(stored(reading)), mails(reading)) == (1, [])


@pytest.fixture
def by_letter(opened: Opened, transaction: Transaction) -> tuple[InvariantClient, str]:
    """An employee who wrote down a consent by phone of a customer without an e-mail address, and the letter's page."""
    with transaction() as context:
        toivo = customer(context, email=None, first_name="Toivo", last_name="Ek", language="sv")
    browser, address, _ = opened(whom=toivo)
    browser.submit(f"{address}/marketing_sms", action="given", source="phone", spoken="fi")
    (link,) = browser.get(address).select(".events a[href*='/consent-letters/']")
    return browser, str(link["href"])


@pytest.mark.security(64)
def test_the_letter_says_what_was_read_and_when_and_the_day_of_posting_is_kept(
    by_letter: tuple[InvariantClient, str], reading: Transaction, events: Callable[[str], list[AuditEvent]]
) -> None:
    browser, page_url = by_letter
    (row,) = stored(reading)
    letter = browser.get(f"{page_url}.pdf")
    assert letter.mimetype == "application/pdf"
    told = squeezed(letter.data)
    for words in ("Toivo Ek", "Kuubankatu 2", "per telefon", *row.wording.splitlines(), "inte reklam"):
        assert "".join(words.split()) in told, words
    posted = helsinki_date(row.recorded_at)
    page = browser.follow(browser.submit(page_url, posted_on=posted.isoformat()))
    assert "Confirmed by letter, posted on" in page.texts(".events__item:first-child")[0]
    assert "No mail confirmed it" not in page.page_text
    (event,) = events("consent.letter_posted")
    assert (event.customer_id, event.details) == (row.customer_id, {"kind": "marketing_sms"})
    # The letter can be printed again; the day is asked for no more, and the same form sent again changes nothing.
    again = browser.get(page_url)
    assert not again.select("main input[name=posted_on]")
    assert browser.get(f"{page_url}.pdf").status_code == 200
    with reading():
        (letter_row,) = db.session.execute(select(ConsentLetter.posted_on, ConsentLetter.event_id)).all()
    assert letter_row == (posted, row.id)


def squeezed(pdf: bytes) -> str:
    """The text of a PDF without its spaces and line ends, which follow the width of the page."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_a_day_that_cannot_be_is_refused_and_another_one_changes_nothing(
    by_letter: tuple[InvariantClient, str], reading: Transaction
) -> None:
    browser, page_url = by_letter
    day = helsinki_date(stored(reading)[0].recorded_at)
    form = browser.get(page_url)
    for wrong in ("", "31.2.2026", (day - timedelta(days=1)).isoformat(), (day + timedelta(days=2)).isoformat()):
        answer = browser.submit_form(form, posted_on=wrong)
        assert (answer.status_code, answer.fields_in_error) == (422, ["posted_on"]), wrong
    for _ in range(2):
        assert browser.submit_form(form, posted_on=day.isoformat()).status_code == 303
    with reading():
        assert db.session.execute(select(ConsentLetter.posted_on)).scalars().all() == [day]


@pytest.mark.security(32)
def test_there_is_a_letter_only_where_one_is_due(
    opened: Opened, by_letter: tuple[InvariantClient, str], reading: Transaction
) -> None:
    other, address, _ = opened()
    other.submit(f"{address}/marketing_email", action="given", source="phone", spoken="sv")
    mailed, letter_of_other = stored(reading)[-1].id, stored(reading)[0].id
    mine = address.removesuffix("/consents")
    # One that a mail confirmed, another customer's, and one that does not exist.
    for event in (mailed, letter_of_other, 4711):
        assert other.get(f"{mine}/consent-letters/{event}").status_code == 404
        assert other.get(f"{mine}/consent-letters/{event}.pdf").status_code == 404
    orders, _, _ = opened("orders")
    assert orders.get(f"{mine}/consent-letters/{mailed}").status_code == 403


@pytest.mark.parametrize(
    ("filled", "wrong"),
    [
        ({}, ["action", "source"]),
        ({"action": "given", "source": "phone"}, ["spoken"]),
        ({"action": "forbidden"}, ["source"]),
        ({"source": "phone", "spoken": "fi"}, ["action"]),
    ],
)
def test_what_is_missing_is_named(
    filled: dict[str, Any], wrong: list[str], opened: Opened, reading: Transaction
) -> None:
    browser, address, _ = opened()
    page = browser.submit(f"{address}/marketing_email", **filled)
    assert (page.status_code, page.fields_in_error) == (422, wrong)
    for name, value in filled.items():
        assert page.select(f"input[name={name}][value={value}][checked]")
    assert stored(reading) == []


@pytest.mark.security("R12")
def test_the_same_form_twice_is_one_choice_and_one_mail(opened: Opened, reading: Transaction) -> None:
    browser, address, _ = opened()
    page = browser.get(f"{address}/marketing_email")
    for _ in range(2):
        assert browser.submit_form(page, action="given", source="phone", spoken="fi").status_code == 303
    assert (len(stored(reading)), len(mails(reading))) == (1, 1)


def test_what_is_no_longer_possible_is_asked_again(opened: Opened, reading: Transaction) -> None:
    browser, address, _ = opened()
    page = browser.get(f"{address}/marketing_post")
    browser.submit(f"{address}/marketing_post", action="forbidden", source="phone")
    again = browser.submit_form(page, action="forbidden", source="phone")
    assert (again.status_code, again.fields_in_error) == (422, ["action"])
    assert [tag["value"] for tag in again.select("input[name=action]")] == ["allowed"]
    assert len(stored(reading)) == 1


@pytest.mark.security(32, 34)
def test_a_forged_action_source_or_page_stores_nothing(opened: Opened, reading: Transaction) -> None:
    browser, address, _ = opened()
    for forged in ({"action": "allowed"}, {"source": "account"}, {"spoken": "de"}, {"shown": ""}, {"submission": "7"}):
        filled: dict[str, Any] = {"action": "given", "source": "phone", "spoken": "fi"}
        answer = browser.submit(f"{address}/marketing_email", **filled, extra=forged)
        assert answer.status_code == 422, forged
    assert browser.get(f"{address}/marketing_pigeon").status_code == 404
    assert stored(reading) == []


@pytest.mark.security(32)
def test_who_handles_orders_sees_the_choices_and_records_none(opened: Opened, reading: Transaction) -> None:
    browser, address, _ = opened("orders")
    page = browser.get(address)
    assert page.status_code == 200
    assert not page.select(f"main a[href^='{address}/']")
    assert browser.get(f"{address}/marketing_email").status_code == 403


def test_without_an_opening_the_purpose_is_asked_first(
    employee: Employee, veikko: int, uuid_of: Callable[[int], Any], reading: Transaction
) -> None:
    browser, _ = employee()
    address = f"/admin/customers/{uuid_of(veikko)}/consents"
    for path in (address, f"{address}/marketing_email"):
        assert browser.get(path).location.startswith(f"/admin/customers/{uuid_of(veikko)}/open?next=")
    answer = browser.submit(f"/admin/customers/{uuid_of(veikko)}/open?next={address}", purpose="customer_contact")
    assert answer.location == address
    assert stored(reading) == []


def test_the_file_leads_to_the_choices(opened: Opened) -> None:
    browser, address, _ = opened()
    file = browser.get(address.removesuffix("/consents"))
    assert file.select(f"main a[href='{address}']")
