"""The user name: chosen with a fresh proof, unique, a log-in like the address, removable (SECURITY 5, 6, 10, 24)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import TimeMachineFixture

from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.rules.context import Visitor
from portal.services.accounts import accounts, login
from portal.services.employees import staff_login
from portal.services.foundation import throttle
from tests.support import builders
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.support.queries import statements
from tests.support.sameness import told
from tests.web.auth import together
from tests.web.auth.test_login import CHANGING, count_work, without_token

NAME = "Ainokki"


def choose(client: InvariantClient, name: str = NAME) -> PageResponse:
    return client.submit("/account/user-name", "main form:not([action])", extra={"user_name": name})


@pytest.fixture
def named(client: InvariantClient, owner: MadeAccount) -> InvariantClient:
    """The owner, logged in, with a user name."""
    client.log_in(owner)
    assert choose(client).location == "/account/security"
    return client


@pytest.fixture
def other(new_client: NewClient, transaction: Transaction) -> InvariantClient:
    """Another customer, logged in."""
    with transaction() as context:
        made = builders.account(context)
    browser = new_client()
    browser.log_in(made)
    return browser


def stored(reading: Transaction, account: MadeAccount) -> tuple[str | None, str | None]:
    with reading():
        columns = (Account.user_name, Account.user_name_identity)
        return tuple(db.session.execute(select(*columns).where(Account.id == account.id)).one())  # type: ignore[return-value]


def test_a_name_is_chosen_and_logs_in(
    named: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    assert stored(reading, owner) == (NAME, NAME.lower())
    assert mailbox.kinds(owner.email) == ["user_name_chosen"]
    assert NAME in named.get("/account/security").page_text
    for typed in (NAME, " AINOKKI ", "ａｉｎｏｋｋｉ", owner.email):
        assert new_client().submit("/login", email=typed, password=PASSWORD).location == "/account"


def test_the_profile_shows_it_with_its_source(named: InvariantClient) -> None:
    named.set_cookie("portal_language", "en")
    row = next(row for row in named.get("/account/profile").select(".summary__row") if NAME in row.get_text())
    assert "You chose this on" in row.get_text()
    assert row.select_one("a[href='/account/user-name']")


def test_it_is_removed(
    named: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    page = named.get("/account/user-name")
    assert named.submit_form(page, form="form[action='/account/user-name/remove']").location == "/account/security"
    assert stored(reading, owner) == (None, None)
    assert mailbox.kinds(owner.email)[-1] == "user_name_removed"
    assert new_client().submit("/login", email=NAME, password=PASSWORD).status_code == 422
    assert new_client().submit("/login", email=owner.email, password=PASSWORD).status_code == 303
    with reading():
        actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert [action for action in actions if "user_name" in action] == [
        "account.user_name_chosen",
        "account.user_name_removed",
    ]


def test_another_one_replaces_it(named: InvariantClient, new_client: NewClient) -> None:
    assert choose(named, "Aino.V").location == "/account/security"
    assert new_client().submit("/login", email=NAME, password=PASSWORD).status_code == 422
    assert new_client().submit("/login", email="aino.v", password=PASSWORD).status_code == 303


@pytest.mark.security(50)
@pytest.mark.parametrize("name", ["AINOKKI", "ainokki", "Ａinokki"])
def test_a_name_is_given_once(named: InvariantClient, other: InvariantClient, name: str) -> None:
    answer = choose(other, name)
    assert (answer.status_code, answer.fields_in_error) == (422, ["user_name"])


@pytest.mark.security(50)
@pytest.mark.parametrize("name", ["", "ab", "admin", "aino@example.com", "а" + "inokki", "aino virtanen", "x" * 31])
def test_an_unusable_name_is_said_so(client: InvariantClient, owner: MadeAccount, name: str) -> None:
    client.log_in(owner)
    answer = choose(client, name)
    assert (answer.status_code, answer.fields_in_error) == (422, ["user_name"])


@pytest.mark.security(24)
def test_it_needs_a_proof_of_the_last_ten_minutes(
    client: InvariantClient, owner: MadeAccount, reading: Transaction, clock: TimeMachineFixture
) -> None:
    client.log_in(owner)
    form = client.get("/account/user-name")
    clock.shift(timedelta(minutes=10, seconds=1))
    assert (client.submit_form(form, user_name=NAME).location or "").startswith("/confirm-password")
    token = client.csrf_token("/account")
    removing = client.post("/account/user-name/remove", data={"csrf_token": token})
    assert (removing.location or "").startswith("/confirm-password")
    assert stored(reading, owner) == (None, None)


@pytest.mark.security(11)
def test_trying_out_names_is_counted(client: InvariantClient, owner: MadeAccount, named: InvariantClient) -> None:
    statuses = [choose(named, f"nimi{'abcdefghij'[number]}").status_code for number in range(10)]
    assert statuses == [303] * 9 + [429]


@pytest.mark.security(5, 6)
def test_a_failure_with_a_name_looks_and_costs_the_same(
    app: Flask, named: InvariantClient, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = count_work(monkeypatch)
    seen = set()
    for typed in (NAME, "Tuntematon", "tuntematon@example.com", "aino@example.com", "ＡＩＮＯ＠example.com"):
        answer = new_client().submit("/login", email=typed, password="jokin aivan muu lause")
        headers = tuple(pair for pair in answer.headers if pair[0] not in CHANGING | {"Content-Length"})
        cookies = tuple(sorted(value.split("=")[0] for value in answer.headers.getlist("Set-Cookie")))
        seen.add((answer.status_code, without_token(answer), headers, cookies))
    assert len(seen) == 1
    assert costs == [app.config["PORTAL_BCRYPT_COST"]] * 5


@pytest.mark.security(10)
@pytest.mark.parametrize("name", [NAME, "Tuntematon"])
def test_attempts_with_a_name_are_counted_in_every_spelling(
    named: InvariantClient, new_client: NewClient, name: str
) -> None:
    browser = new_client()
    spellings = [name, name.upper(), name.lower(), f" {name}"] * 3
    statuses = [browser.submit("/login", email=typed, password="väärä").status_code for typed in spellings[:11]]
    assert statuses == [422] * 10 + [429]


@pytest.mark.security(6, 10)
def test_address_and_name_together_have_the_tries_of_one_and_nobody_learns_it(
    app: Flask,
    clock: TimeMachineFixture,
    named: InvariantClient,
    owner: MadeAccount,
    new_client: NewClient,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The customer's own log-in was minutes ago.
    clock.shift(timedelta(minutes=6))
    browser, costs = new_client(), count_work(monkeypatch)
    page = browser.get("/login")
    for _ in range(10):
        browser.submit_form(page, email=owner.email, password="väärä")
    with statements(app) as known:
        spent = browser.submit_form(page, email=NAME, password=PASSWORD)
    with statements(app) as unknown:
        stranger = browser.submit_form(page, email="Tuntematon", password=PASSWORD)
    # A name of somebody who was never tried looks and costs the same as one whose tries are spent.
    assert (spent.status_code, told(spent, NAME)) == (422, told(stranger, "Tuntematon"))
    assert len(known) == len(unknown)
    assert costs == [app.config["PORTAL_BCRYPT_COST"]] * 12
    with reading():
        failures = select(AuditEvent.details).where(AuditEvent.customer_id == owner.customer_id)
        failed = failures.where(AuditEvent.action == "account.login_failed").order_by(AuditEvent.seq)
        assert db.session.scalars(failed).all() == [{"reason": "password"}] * 10 + [{"reason": "throttled"}]
    # A session that lives goes on, and after five minutes the name opens the account.
    assert named.get("/account").status_code == 200
    clock.shift(timedelta(minutes=5, seconds=1))
    assert browser.submit_form(browser.get("/login"), email=NAME, password=PASSWORD).status_code == 303


@pytest.mark.security(10)
def test_nobody_spends_the_tries_of_an_account_by_typing_what_is_counted(
    app: Flask, owner: MadeAccount, new_client: NewClient, transaction: Transaction
) -> None:
    with transaction() as context:
        member = builders.staff(context)
    browser = new_client()
    page = browser.get("/login")
    for typed in (f"account {owner.id}", f"staff {member.email}", f"typed {owner.email}"):
        for _ in range(9):
            browser.submit_form(page, email=typed, password="väärä")
    with transaction() as context:
        counted = [
            *login.attempts_elsewhere("again", owner.id, Visitor("", "", "")),
            *staff_login.attempts(member.email, Visitor("", "", "")),
            *login.attempts(None, owner.email, Visitor("", "", "")),
        ]
        counted += login.attempts(accounts.get(context, owner.id), "somebody", Visitor("", "", ""))
        identifiers = [attempt for attempt in counted if attempt.bucket == "login_identifier"]
        assert [throttle.count(context, attempt) for attempt in identifiers * 2] == [0] * 12


@pytest.mark.security("R12")
def test_of_twenty_at_once_one_gets_the_name(
    new_client: NewClient, client: InvariantClient, owner: MadeAccount, mailbox: Mailbox, no_throttle: None
) -> None:
    client.log_in(owner)
    answers = together.press(client, new_client, "/account/user-name", user_name=NAME)
    assert {answer.status_code for answer in answers} == {303}
    assert mailbox.kinds() == ["user_name_chosen"]


@pytest.mark.security(64)
def test_neither_the_log_nor_the_mail_holds_the_name(
    named: InvariantClient, mailbox: Mailbox, reading: Transaction
) -> None:
    assert NAME not in mailbox.latest("user_name_chosen").text
    with reading():
        [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "account.user_name_chosen")).all()
        assert event.details == {}
        assert event.customer_id is not None


def test_a_name_is_free_again_after_the_account_is_gone(
    named: InvariantClient, other: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction():
        db.session.delete(db.session.get_one(Account, owner.id))
    assert choose(other, NAME).status_code == 303
