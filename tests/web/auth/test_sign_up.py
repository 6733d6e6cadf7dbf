"""Signing up: what waits, what is mailed, and what opens the account."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import TimeMachineFixture

from portal.models.account import Account, Registration
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.session import CustomerSession
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth import together

PASSWORD = "kolme vihreää kettua juoksee metsään"
TYPED: dict[str, Any] = {
    "first_name": "Máret",
    "last_name": "Näkkäläjärvi",
    "email": "maret@example.com",
    "phone": "040 123 4567",
    "street": "Kuubankatu 2 A 5",
    "postal_code": "00220",
    "city": "helsinki",
    "password": PASSWORD,
}
GENERIC = "/sign-up/check-mail"


def count(table: Any) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def open_link(client: InvariantClient, mailbox: Mailbox) -> PageResponse:
    """Open the newest confirmation link, as far as the form that asks for the password."""
    return client.follow(client.get(mailbox.latest("confirm_registration").link))


def test_an_empty_form_names_every_problem_at_once(client: InvariantClient) -> None:
    answer = client.submit("/sign-up")
    assert answer.status_code == 422
    wrong = ["first_name", "last_name", "email", "phone", "street", "postal_code", "city", "password"]
    assert answer.fields_in_error == wrong
    assert len(answer.error_summary) == len(wrong)


def test_what_was_typed_is_kept_but_the_password(client: InvariantClient) -> None:
    answer = client.submit("/sign-up", **{**TYPED, "phone": "soita", "country": "FI"})
    assert answer.fields_in_error == ["phone"]
    assert answer.soup.select_one("#first_name")["value"] == "Máret"  # type: ignore[index]
    assert not answer.soup.select_one("#password").get("value")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "Maija\r\nBcc: kaikki@example.com"),
        ("email", "maija@example.com\r\nBcc: kaikki@example.com"),
        ("email", "m\u0430ija@example.com"),
        ("password", "lyhyt"),
        ("password", "näkkäläjärvi maret"),
        ("password", "Mikromafia Mikromafia"),
        ("password", "salasanasalasana"),
        ("city", "Turku"),
        ("business_id", "2077474-1"),
        ("country", "XX"),
        ("language", "de"),
        ("street", "x" * 101),
    ],
)
def test_a_rule_that_is_broken_is_named_at_its_field(client: InvariantClient, field: str, value: str) -> None:
    answer = client.submit("/sign-up", extra={field: value}, **{k: v for k, v in TYPED.items() if k != field})
    assert answer.status_code == 422
    assert answer.fields_in_error == [field]


def test_the_account_opens_by_link_and_password(
    client: InvariantClient, mailbox: Mailbox, reading: Transaction
) -> None:
    answer = client.submit("/sign-up", company="Revontuli Oy", business_id="20774740", **TYPED)
    assert (answer.status_code, answer.location) == (303, GENERIC)
    with reading():
        assert (count(Customer), count(Account), count(Registration)) == (0, 0, 1)

    form = open_link(client, mailbox)
    assert form.path == "/verify-email"
    landed = client.follow(client.submit_form(form, password=PASSWORD))
    assert landed.path == "/account"
    with reading():
        row = db.session.execute(select(Customer)).scalar_one()
        assert (row.first_name, row.last_name, row.company) == ("Máret", "Näkkäläjärvi", "Revontuli Oy")
        assert (row.phone, row.city, row.business_id) == ("+358401234567", "Helsinki", "2077474-0")
        assert (row.source, row.email) == ("registration", "maret@example.com")
        assert count(Registration) == 0
    assert mailbox.kinds() == ["account_ready"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_journey_speaks_the_language_that_was_chosen(
    new_client: NewClient, mailbox: Mailbox, language: str
) -> None:
    browser = new_client(language)
    browser.set_cookie("portal_language", language)
    assert browser.submit("/sign-up", **TYPED).status_code == 303
    mail = mailbox.latest("confirm_registration")
    assert mail.language == language
    telephone = new_client(language)
    form = telephone.follow(telephone.get(mail.link))
    assert telephone.follow(telephone.submit_form(form, password=PASSWORD)).path == "/account"


def test_a_taken_address_gets_the_same_answer_and_its_owner_a_mail(
    new_client: NewClient, mailbox: Mailbox, owner: MadeAccount
) -> None:
    free, taken = new_client(), new_client()
    answers = [
        free.submit("/sign-up", **TYPED),
        taken.submit("/sign-up", **{**TYPED, "email": "AINO@example.com"}),
    ]
    assert len({(answer.status_code, answer.location, answer.get_data()) for answer in answers}) == 1
    assert free.follow(answers[0]).page_text == taken.follow(answers[1]).page_text
    assert mailbox.kinds(owner.email) == ["already_registered"]


def test_a_wrong_password_leaves_the_link_alive(client: InvariantClient, mailbox: Mailbox) -> None:
    client.submit("/sign-up", **TYPED)
    answer = client.submit_form(open_link(client, mailbox), password="jokin aivan muu lause")
    assert (answer.status_code, answer.fields_in_error) == (422, ["password"])
    assert client.submit_form(answer, password=PASSWORD).status_code == 303


def test_opening_the_link_uses_nothing_up(client: InvariantClient, mailbox: Mailbox, reading: Transaction) -> None:
    client.submit("/sign-up", **TYPED)
    link = mailbox.latest("confirm_registration").link
    for _ in range(3):
        answer = client.get(link)
        assert answer.status_code == 303
        assert link.rsplit("/", 1)[1] not in answer.location
        assert "no-store" in answer.headers["Cache-Control"]
    with reading():
        assert (count(Registration), count(Account)) == (1, 0)


def test_a_link_works_once(client: InvariantClient, new_client: NewClient, mailbox: Mailbox) -> None:
    client.submit("/sign-up", **TYPED)
    link = mailbox.latest("confirm_registration").link
    client.submit_form(open_link(client, mailbox), password=PASSWORD)
    late = new_client()
    assert late.follow(late.get(link)).status_code == 410


def test_a_link_ends_after_a_day(client: InvariantClient, mailbox: Mailbox, clock: TimeMachineFixture) -> None:
    client.submit("/sign-up", **TYPED)
    link = mailbox.latest("confirm_registration").link
    clock.shift(timedelta(hours=23, minutes=59))
    form = client.follow(client.get(link))
    assert form.status_code == 200
    clock.shift(timedelta(minutes=2))
    assert client.submit_form(form, password=PASSWORD).status_code == 410


def test_a_forged_link_leads_nowhere(client: InvariantClient, mailbox: Mailbox) -> None:
    client.submit("/sign-up", **TYPED)
    token = mailbox.latest("confirm_registration").link.rsplit("/", 1)[1]
    for wrong in ("x", token[:-4] + "AAAA", token + "A", "A" * 59, "a" * 3000):
        answer = client.follow(client.get(f"/verify-email/{wrong}"))
        assert answer.status_code == 410
    assert client.follow(client.get(f"/reset-password/{token}")).status_code == 410


def test_an_address_that_got_an_account_meanwhile_ends_the_link(
    client: InvariantClient, new_client: NewClient, mailbox: Mailbox, reading: Transaction
) -> None:
    client.submit("/sign-up", **TYPED)
    form = open_link(client, mailbox)
    other = new_client()
    other.submit("/sign-up", **{**TYPED, "first_name": "Aslak"})
    assert other.submit_form(open_link(other, mailbox), password=PASSWORD).status_code == 303
    assert client.submit_form(form, password=PASSWORD).status_code == 410
    with reading():
        assert db.session.execute(select(Customer.first_name)).scalars().all() == ["Aslak"]


def test_no_more_than_three_mails_in_six_hours(
    client: InvariantClient, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    for number in range(5):
        answer = client.submit("/sign-up", **{**TYPED, "street": f"Kuubankatu {number + 1}"})
        assert (answer.status_code, answer.location) == (303, GENERIC)
    assert len(mailbox.all(TYPED["email"])) == 3
    clock.shift(timedelta(hours=6, seconds=1))
    client.submit("/sign-up", **TYPED)
    assert len(mailbox.all(TYPED["email"])) == 4


def test_the_same_form_twenty_times_at_once_is_one_sign_up(
    client: InvariantClient, new_client: NewClient, mailbox: Mailbox, reading: Transaction
) -> None:
    answers = together.press(client, new_client, "/sign-up", **TYPED)
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, GENERIC)}
    assert mailbox.kinds() == ["confirm_registration"]
    with reading():
        assert count(Registration) == 1


def test_twenty_confirmations_at_once_open_one_account(
    client: InvariantClient, new_client: NewClient, mailbox: Mailbox, reading: Transaction, no_throttle: None
) -> None:
    client.submit("/sign-up", **TYPED)
    open_link(client, mailbox)
    answers = together.press(client, new_client, "/verify-email", password=PASSWORD)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [303] + [410] * (together.TIMES - 1)
    with reading():
        assert (count(Customer), count(Account), count(CustomerSession)) == (1, 1, 1)


def test_forged_fields_change_nothing(client: InvariantClient, mailbox: Mailbox, reading: Transaction) -> None:
    forged = {"customer_id": "1", "email_verified": "1", "source": "controller", "role": "administrator"}
    client.submit("/sign-up", extra=forged, **TYPED)
    client.submit_form(open_link(client, mailbox), extra=forged, password=PASSWORD)
    with reading():
        assert db.session.execute(select(Customer.source)).scalars().all() == ["registration"]


@pytest.mark.security(10, 47)
def test_sign_ups_are_counted_before_they_are_looked_at(client: InvariantClient, clock: TimeMachineFixture) -> None:
    page = client.get("/sign-up")
    statuses = [client.submit_form(page, **{**TYPED, "phone": "soita"}).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]


@pytest.mark.security(47)
def test_what_is_no_name_is_not_looked_for_in_the_password(client: InvariantClient) -> None:
    """It may be as long as a request, and the work grows with it."""
    answer = client.submit("/sign-up", **{**TYPED, "first_name": f"{PASSWORD} " * 20})
    assert answer.fields_in_error == ["first_name"]
