"""Closing the account: it ends after two weeks unless one logs in; the customer stays (SECURITY 22, 24)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from time_machine import TimeMachineFixture

from config import Controller
from portal.mail.kinds import CLOSING_GRACE
from portal.models.account import Account, KnownDevice
from portal.models.audit import AuditEvent
from portal.models.base import Base, db
from portal.models.customer import Customer
from portal.models.order import Order
from portal.models.session import CustomerSession, RememberedDevice
from portal.services import housekeeping
from tests.support import access_requests, builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.together import press


@pytest.fixture
def inside(
    client: InvariantClient, owner: MadeAccount, transaction: Transaction, clock: TimeMachineFixture
) -> InvariantClient:
    """The owner, who has an order, in a browser that stays logged in."""
    with transaction() as context:
        builders.order(context, owner.customer_id)
        builders.second_factor(context, builders.account(context).id)
    client.submit("/login", email=owner.email, password=owner.password, remember=True)
    return client


def count(reading: Transaction, table: type[Base]) -> int:
    with reading():
        return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def actions(reading: Transaction) -> list[str]:
    with reading():
        found = select(AuditEvent.action).where(AuditEvent.action.like("account.clos%")).order_by(AuditEvent.seq)
        return list(db.session.execute(found).scalars())


def run_the_job(transaction: Transaction) -> int:
    with transaction() as context:
        return housekeeping.PURGES["closed_accounts"](context)


@pytest.mark.security(22)
def test_it_logs_out_everywhere_and_deletes_nothing_yet(
    inside: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    mailbox: Mailbox,
    reading: Transaction,
    transaction: Transaction,
    clock: TimeMachineFixture,
) -> None:
    elsewhere = new_client()
    elsewhere.log_in(owner)
    page = inside.get("/account/close")
    # The page, the message after it and the mail name the same moment.
    moment = "16.3.2026 klo\u00a014.00"
    assert moment in page.page_text and "Emme ole vielä vastanneet" not in page.page_text
    answer = inside.follow(inside.submit_form(page))
    assert answer.path == "/login"
    assert f"Tilisi suljetaan {moment}" in " ".join(answer.texts(".flashes p"))
    assert inside.get("/account").status_code == elsewhere.get("/account").status_code == 303
    assert count(reading, CustomerSession) == count(reading, RememberedDevice) == 0
    mail = mailbox.latest("account_closing")
    assert f"viimeistään {moment}" in mail.text and mail.link == "/login"
    clock.shift(CLOSING_GRACE - timedelta(seconds=1))
    assert run_the_job(transaction) == 0
    assert count(reading, Account) == 2


def test_an_open_request_is_named_before_its_answer_becomes_unreachable(
    inside: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        asked = access_requests.ask(context, owner.customer_id)
    page = inside.get("/account/close")
    assert "Emme ole vielä vastanneet tarkastuspyyntöösi" in page.page_text
    assert page.select(f".notice a[href='/privacy/access-requests/{asked.reference}']")


@pytest.mark.parametrize("path", ["/account/close", "/privacy"])
def test_how_to_ask_for_erasure_stands_where_it_is_looked_for(inside: InvariantClient, path: str) -> None:
    (card,) = inside.get(path).select("[aria-labelledby=in-writing]")
    told = " ".join(card.stripped_strings)
    assert "puhelimitse tai myymälässä" in told and "poistamme tietosi" in told and "kuukauden kuluessa" in told
    controller = Controller()
    assert controller.street in told and card.select(f'a[href="mailto:{controller.email}"]')


def test_logging_in_takes_it_back(
    inside: InvariantClient,
    owner: MadeAccount,
    mailbox: Mailbox,
    reading: Transaction,
    transaction: Transaction,
    clock: TimeMachineFixture,
) -> None:
    inside.submit("/account/close")
    clock.shift(CLOSING_GRACE - timedelta(seconds=1))
    page = inside.log_in(owner)
    assert page.path == "/account" and page.texts(".flashes p")
    assert mailbox.kinds(owner.email)[-1] == "account_kept"
    clock.shift(timedelta(days=30))
    assert run_the_job(transaction) == 0
    assert actions(reading) == ["account.closing_asked", "account.closing_taken_back"]


@pytest.mark.security(6)
def test_a_wrong_password_takes_nothing_back(
    inside: InvariantClient, owner: MadeAccount, transaction: Transaction, clock: TimeMachineFixture
) -> None:
    inside.submit("/account/close")
    assert inside.submit("/login", email=owner.email, password="jokin aivan muu lause").status_code == 422
    clock.shift(CLOSING_GRACE)
    assert run_the_job(transaction) == 1


@pytest.mark.security(64)
def test_after_two_weeks_the_account_goes_and_the_customer_stays(
    inside: InvariantClient,
    owner: MadeAccount,
    mailbox: Mailbox,
    reading: Transaction,
    transaction: Transaction,
    clock: TimeMachineFixture,
) -> None:
    inside.submit("/account/close")
    clock.shift(CLOSING_GRACE)
    assert run_the_job(transaction) == 1
    assert run_the_job(transaction) == 0
    assert (count(reading, Account), count(reading, Customer), count(reading, Order)) == (1, 2, 1)
    assert count(reading, KnownDevice) == 0
    mail = mailbox.latest("account_closed")
    assert mail.recipient == owner.email
    assert actions(reading) == ["account.closing_asked", "account.closed"]
    assert inside.submit("/login", email=owner.email, password=owner.password).status_code == 422


@pytest.mark.security(24)
def test_it_wants_a_fresh_proof(inside: InvariantClient, clock: TimeMachineFixture) -> None:
    data = {"csrf_token": inside.csrf_token("/account")}
    clock.shift(timedelta(minutes=11))
    assert inside.post("/account/close", data=data).location == "/confirm-password?next=/account/close"
    assert inside.get("/account").status_code == 200


@pytest.mark.security("R12")
def test_twenty_presses_are_one(
    inside: InvariantClient, new_client: NewClient, mailbox: Mailbox, reading: Transaction, no_throttle: None
) -> None:
    answers = press(inside, new_client, "/account/close")
    assert {answer.status_code for answer in answers} <= {303, 400}
    assert mailbox.kinds().count("account_closing") == 1
    assert actions(reading) == ["account.closing_asked"]
