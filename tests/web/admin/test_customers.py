"""Finding, opening and correcting a customer: the address tells nothing, the log tells everything but values."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.models.base import db
from portal.models.customer import Customer, Provenance
from portal.models.staff import CustomerOpening
from portal.rules.opening_purposes import OpeningPurpose
from portal.services.register import provenance
from tests.support.builders import account, customer, order

PERSON = {"first_name": "Veikko", "last_name": "Äyräväinen", "phone": "+358409998887", "street": "Salakuja 7"}


@pytest.fixture
def veikko(transaction):
    """A customer without an account."""
    with transaction() as context:
        return customer(context, email="veikko@example.org", **PERSON)


@pytest.fixture
def opened(employee, veikko, uuid_of):
    """An employee who has opened the customer, and the address of the file."""

    def make(role="customer_care"):
        browser, made = employee(role)
        address = f"/admin/customers/{uuid_of(veikko)}"
        browser.submit(f"{address}/open", purpose="customer_contact")
        return browser, address, made

    return make


@pytest.mark.security(41)
def test_the_term_never_enters_an_address_or_the_log(employee, veikko, events):
    browser, made = employee()
    answer = browser.submit("/admin/customers", term="äyrä")
    assert answer.status_code == 303
    assert answer.location.startswith("/admin/customers?key=") and "yr" not in answer.location
    page = browser.follow(answer)
    assert page.texts("tbody th a") == ["Veikko Äyräväinen"]
    assert page.select("input[name=term]")[0]["value"] == "äyrä"
    (event,) = events("staff.searched")
    assert (event.staff_id, event.details) == (made.id, {"kind": "customers", "found": 1})


def test_another_employee_cannot_use_the_key(employee, veikko):
    browser, _ = employee()
    other, _ = employee()
    key = browser.submit("/admin/customers", term="äyrä").location
    page = other.follow(other.get(key))
    assert "Äyräväinen" not in page.page_text
    assert page.path == "/admin/customers"


def test_a_list_says_little(employee, veikko):
    browser, _ = employee()
    page = browser.follow(browser.submit("/admin/customers", term="veikko"))
    for hidden in ("veikko@example.org", "999 8887", "Salakuja"):
        assert hidden not in page.page_text


@pytest.mark.parametrize("term", ["", "x" * 101, "a\x07b"])
def test_what_cannot_be_searched_for_is_said(employee, term):
    browser, _ = employee()
    page = browser.submit("/admin/customers", term=term)
    assert (page.status_code, page.fields_in_error) == (422, ["term"])


@pytest.mark.security(64)
def test_a_customer_opens_for_a_purpose_only(employee, veikko, uuid_of, events):
    browser, made = employee()
    address = f"/admin/customers/{uuid_of(veikko)}"
    asked = browser.follow(browser.get(address))
    assert asked.path == f"{address}/open"
    assert "Salakuja" not in asked.page_text
    without = browser.submit_form(asked)
    assert (without.status_code, without.fields_in_error) == (422, ["purpose"])
    assert events("staff.customer_opened") == []
    file = browser.follow(browser.submit_form(asked, purpose="invoicing"))
    assert "Salakuja 7" in file.page_text
    (event,) = events("staff.customer_opened")
    details = {"purpose": "invoicing", "role": "customer_care"}
    assert (event.staff_id, event.customer_id, event.details) == (made.id, veikko, details)


def test_forged_purposes_and_unknown_customers_open_nothing(employee, veikko, uuid_of, reading):
    browser, _ = employee()
    address = f"/admin/customers/{uuid_of(veikko)}/open"
    token = browser.csrf_token(address)
    assert browser.post(address, data={"csrf_token": token, "purpose": "curiosity"}).status_code == 422
    assert browser.get("/admin/customers/00000000-0000-4000-8000-000000000000").status_code == 404
    with reading():
        assert db.session.query(CustomerOpening).count() == 0


def test_an_opening_is_its_employees_own_and_ends(opened, employee, time_machine):
    browser, address, _ = opened()
    other, _ = employee()
    assert browser.get(address).status_code == 200
    assert other.get(address).location == f"{address}/open"
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=10))
    assert browser.get(address).status_code == 200
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=10))
    assert browser.get(address).status_code == 200
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=11))
    assert browser.get(address).location == f"{address}/open"


@pytest.mark.parametrize("by_account", [False, True])
def test_nobody_opens_their_own_record(employee, transaction, uuid_of, events, by_account):
    browser, made = employee(email="kaisa@example.com")
    with transaction() as context:
        if by_account:
            own = account(context, customer(context, email="muu@example.com"), email="Kaisa@example.com").customer_id
        else:
            own = customer(context, email="Kaisa@Example.com")
    refused = browser.submit(f"/admin/customers/{uuid_of(own)}/open", purpose="order")
    assert refused.status_code == 403
    (event,) = events("staff.customer_refused")
    assert (event.staff_id, event.customer_id, event.details) == (made.id, own, {"reason": "own_record"})
    assert browser.get(f"/admin/customers/{uuid_of(own)}").status_code == 303


def test_a_record_that_becomes_ones_own_closes(opened, transaction, veikko):
    browser, address, made = opened()
    with transaction() as context:
        row = provenance.lock(veikko)
        provenance.set_fields(context, row, {"email": made.email, "email_identity": made.email})
    assert browser.get(address).location == f"{address}/open"


def test_what_was_never_given_has_no_source(opened):
    browser, address, _ = opened()
    rows = [row.get_text() for row in browser.get(address).select(".summary__row")]
    (company,) = [row for row in rows if row.lstrip().startswith("Yritys")]
    assert "Ei annettu" in company
    assert "·" not in company


def test_the_file_shows_sources_orders_changes_and_who_looked(opened, transaction, veikko):
    with transaction() as context:
        placed = order(context, veikko)
    browser, address, _ = opened()
    browser.submit(f"{address}/details/phone", phone="050 123 4567", source="phone")
    page = browser.get(address)
    assert placed.number in page.page_text
    assert "Asiakkaan kysymykseen vastaaminen" in page.page_text
    assert "040 999 8887" in page.page_text and "050 123 4567" in page.page_text
    assert "Asiakas, puhelimitse" in page.page_text


@pytest.mark.parametrize(
    ("part", "typed", "stored"),
    [
        ("name", {"first_name": "Čeavlla", "last_name": "Ŋuorba"}, {"first_name": "Čeavlla", "last_name": "Ŋuorba"}),
        ("phone", {"phone": "045 123 4567"}, {"phone": "+358451234567"}),
        ("phone", {"phone": ""}, {"phone": None}),
        ("email", {"email": "Uusi@Example.org"}, {"email": "Uusi@example.org", "email_identity": "uusi@example.org"}),
        (
            "company",
            {"company": "Löyly Oy", "business_id": "20774740"},
            {"company": "Löyly Oy", "business_id": "2077474-0"},
        ),
        (
            "address",
            {"street": "Uusitie 1", "postal_code": "33100", "city": "tampere", "country": "FI"},
            {"street": "Uusitie 1", "postal_code": "33100", "country": "FI"},
        ),
        ("language", {"language": "sv"}, {"language": "sv"}),
    ],
)
def test_a_correction_is_stored_with_its_source(opened, veikko, reading, events, part, typed, stored):
    browser, address, made = opened()
    answer = browser.submit(f"{address}/details/{part}", source="letter", **typed)
    assert answer.location == address
    with reading():
        row = db.session.get_one(Customer, veikko)
        assert {name: getattr(row, name) for name in stored} == stored
        changes = db.session.query(Provenance).filter_by(customer_id=veikko).all()
        assert {(item.source, item.actor_kind, item.actor_id) for item in changes} == {("letter", "staff", made.id)}
    (event,) = events("customer.changed")
    assert event.details["source"] == "letter"
    assert not any(str(value) in json.dumps(event.details) for value in typed.values() if len(value) > 2)


@pytest.mark.parametrize(
    ("part", "typed", "wrong"),
    [
        ("phone", {"phone": "12", "source": "phone"}, ["phone"]),
        ("phone", {"phone": "045 123 4567"}, ["source"]),
        ("name", {"first_name": "", "last_name": "1"}, ["first_name", "last_name", "source"]),
        ("email", {"email": "a@b", "source": "phone"}, ["email"]),
        ("address", {"street": "Tie 1", "postal_code": "99", "city": "X", "source": "phone"}, ["postal_code"]),
        ("address", {"street": "", "postal_code": "99", "city": "X", "source": "phone"}, ["street", "postal_code"]),
        ("company", {"company": "x" * 151, "business_id": "1", "source": "phone"}, ["company", "business_id"]),
    ],
)
def test_a_wrong_correction_changes_nothing_and_keeps_what_was_typed(opened, veikko, reading, part, typed, wrong):
    browser, address, _ = opened()
    page = browser.submit(f"{address}/details/{part}", **typed)
    assert (page.status_code, page.fields_in_error) == (422, wrong)
    name, value = next(iter(typed.items()))
    assert page.select(f"input[name={name}]")[0]["value"] == value
    with reading():
        assert db.session.query(Provenance).count() == 0


@pytest.mark.security(34)
def test_forged_fields_change_nothing(opened, veikko, reading):
    browser, address, _ = opened()
    forged = {"email": "other@example.org", "language": "sv", "customer_id": "1", "street": "Muu 1"}
    answer = browser.submit(f"{address}/details/phone", phone="0451234567", source="phone", extra=forged)
    assert answer.status_code == 303
    with reading():
        row = db.session.get_one(Customer, veikko)
        assert (row.email, row.language, row.street) == ("veikko@example.org", "fi", "Salakuja 7")
        assert db.session.query(Provenance.field).all() == [("phone",)]


def test_a_stale_form_is_a_409_that_can_be_sent_again(opened, veikko, transaction, reading):
    browser, address, _ = opened()
    form = browser.get(f"{address}/details/phone")
    with transaction() as context:
        provenance.set_fields(replace(context), provenance.lock(veikko), {"city": "TURKU"})
    stale = browser.submit_form(form, phone="045 765 4321", source="in_store")
    assert stale.status_code == 409
    assert stale.select("input[name=phone]")[0]["value"] == "045 765 4321"
    assert browser.submit_form(stale).status_code == 303
    with reading():
        assert db.session.get_one(Customer, veikko).phone == "+358457654321"


def test_the_log_in_address_is_the_customers_alone(employee, transaction, uuid_of, reading):
    browser, _ = employee()
    with transaction() as context:
        made = account(context)
    address = f"/admin/customers/{uuid_of(made.customer_id)}"
    browser.submit(f"{address}/open", purpose="order")
    page = browser.get(f"{address}/details/email")
    assert not page.select("main form")
    token = browser.csrf_token("/admin/")
    forged = {"csrf_token": token, "email": "new@example.com", "source": "phone", "version": "1"}
    assert browser.post(f"{address}/details/email", data=forged).status_code == 422
    with reading():
        assert db.session.get_one(Customer, made.customer_id).email == made.email


def test_orders_may_read_and_not_correct(opened):
    browser, address, _ = opened("orders")
    page = browser.get(address)
    assert page.status_code == 200
    assert not page.select("main .summary__action a")
    assert browser.get(f"{address}/details/phone").status_code == 403


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("purpose", list(OpeningPurpose))
def test_every_purpose_has_its_words(employee, veikko, uuid_of, language, purpose):
    browser, _ = employee()
    browser.set_cookie("portal_language", language)
    page = browser.get(f"/admin/customers/{uuid_of(veikko)}/open")
    assert page.select(f"input[value={purpose}]")
    assert len(set(page.texts(".choice label"))) == len(OpeningPurpose)
