"""The token of a form counts in the session it was made for, and in no other (SECURITY 19, 35)."""

from datetime import UTC, datetime, timedelta

import pytest
from time_machine import TimeMachineFixture

from tests.support import builders
from tests.support.builders import MadeAccount, MadeStaff
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction

PHONE = "/account/profile/phone"
PUBLIC = "/privacy-notice"
Pair = tuple[str, str]


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context, email="aino@example.com")


@pytest.fixture
def employee(transaction: Transaction) -> MadeStaff:
    with transaction() as context:
        return builders.staff(context)


def pair(client: InvariantClient, path: str) -> Pair:
    """The cookie and the token of a browser."""
    token = client.csrf_token(path)
    cookie = client.get_cookie("portal_form")
    assert cookie is not None
    return cookie.value, token


def plant(client: InvariantClient, planted: Pair) -> dict[str, str]:
    """Put another cookie into the browser; returns the form that goes with it."""
    client.set_cookie("portal_form", planted[0])
    return {"csrf_token": planted[1], "phone": "040 765 4321"}


@pytest.mark.security(35)
def test_the_pair_of_another_browser_is_worth_nothing(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, transaction: Transaction
) -> None:
    client.log_in(owner)
    with transaction() as context:
        thief = builders.account(context)
    stranger, customer, same = new_client(), new_client(), new_client()
    customer.log_in(thief)
    same.log_in(owner)
    for planted in (pair(stranger, PUBLIC), pair(customer, PHONE), pair(same, PHONE)):
        assert client.post(PHONE, data=plant(client, planted)).status_code == 400
        assert client.post("/logout", data=plant(client, planted)).status_code == 400
    # The browser's own page still works, with whatever secret is in its cookie.
    assert client.submit(PHONE, phone="040 765 4321").status_code == 303


@pytest.mark.security(19, 35)
def test_the_pair_from_before_the_log_in_is_worth_nothing(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount
) -> None:
    before = pair(client, "/login")
    client.log_in(owner)
    inside = pair(client, PHONE)
    assert client.post(PHONE, data=plant(client, before)).status_code == 400
    # Nor that of the session in the one that follows it, nor in a browser that is logged out.
    plant(client, inside)
    client.submit("/account", "form[action='/logout']")
    assert client.post("/login", data=plant(client, inside)).status_code == 400
    client.log_in(owner)
    assert client.post(PHONE, data=plant(client, inside)).status_code == 400


@pytest.mark.security(35)
def test_the_pair_of_a_customer_is_worth_nothing_in_the_employees_area(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, employee: MadeStaff
) -> None:
    customer = new_client()
    customer.log_in(owner)
    planted = pair(customer, PHONE)
    client.log_in_staff(employee)
    # The thief's own session is in the employee's browser as well.
    session = customer.get_cookie("portal_customer")
    assert session is not None
    client.set_cookie("portal_customer", session.value)
    assert client.post("/admin/logout", data=plant(client, planted)).status_code == 400
    assert client.get("/admin/").status_code == 200


@pytest.mark.security(35)
def test_the_language_is_chosen_from_pages_of_both_areas(
    client: InvariantClient, owner: MadeAccount, employee: MadeStaff
) -> None:
    client.log_in(owner)
    client.log_in_staff(employee)
    for path in ("/admin/", "/account", PUBLIC):
        assert client.submit(path, "form.languages", button="language=sv").status_code == 303


@pytest.mark.security(35)
def test_a_form_that_was_open_for_a_while_is_taken(
    client: InvariantClient, owner: MadeAccount, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), tick=False)
    client.log_in(owner)
    page = client.get(PHONE)
    for _ in range(3):
        time_machine.shift(timedelta(minutes=50))
        assert client.get("/account").status_code == 200
    assert client.submit_form(page, phone="040 765 4321").status_code == 303
