"""Access requests as they come in: signed in the account or written down by an employee, each with its receipt."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.rules.access_requests import CHOSEN, EVERYTHING, State
from portal.rules.context import Actor, Context
from portal.rules.errors import NotFound, RuleBroken, Stale
from portal.rules.register import Source
from portal.rules.request_answers import Answers
from portal.services.requests import access_requests as service
from portal.services.requests.access_requests import Entry, Signature
from portal.services.unit_of_work import unit_of_work
from tests.support import access_requests, builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction
from tests.support.mailbox import Mailbox

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
CHOSEN_ANSWERS = Answers(CHOSEN, ("purchase", "contact"), "Vain vuosi 2025.", "aino@example.com", "post")


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction(now=MONDAY) as context:
        return builders.account(context, email="aino@example.com", first_name="Áile-Máret", last_name="Ŋuorgŧŧa")


@pytest.fixture
def employee(transaction: Transaction) -> Actor:
    with transaction(now=MONDAY) as context:
        return Actor("staff", builders.staff(context, "privacy").id)


def submit(
    transaction: Transaction, owner: MadeAccount, answers: Answers, signature: Signature, now: datetime = MONDAY
) -> str:
    with transaction(Actor("customer", owner.id), now=now, source=Source.ACCOUNT) as context:
        return service.submit(context, owner.customer_id, answers, signature)


def signature(name: str = "Áile Ŋuorgŧŧa", language: str = "fi") -> Signature:
    return Signature(name, language, access_requests.submission())


def one(reading: Transaction, reference: str) -> Any:
    with reading():
        row = db.session.query(AccessRequest).filter_by(reference=reference).one()
        return {column.name: getattr(row, column.name) for column in AccessRequest.__table__.columns}


def problems(broken: pytest.ExceptionInfo[RuleBroken]) -> set[tuple[str | None, str]]:
    return {(problem.field, problem.code) for problem in broken.value.problems}


def test_a_signed_request_holds_the_very_words(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    reference = submit(transaction, owner, CHOSEN_ANSWERS, signature())
    assert reference == "TP-2026-0001"
    row = one(reading, reference)
    assert row["statement"].splitlines() == [
        "Tarkastuspyyntö (EU:n yleinen tietosuoja-asetus, 12 ja 15 artikla)",
        "",
        "Pyydän, että Mikromafia Oy kertoo, käsitelläänkö minua koskevia henkilötietoja, sekä antaa minulle tiedot "
        "nähtäväksi ja kopion niistä. Pyyntö koskee tätä rekisteriä: Mikromafia Oy:n asiakasrekisteri.",
        "",
        "Pyytäjä: Áile-Máret Ŋuorgŧŧa, aino@example.com",
        "Pyynnön laajuus: Vain osa tiedoista",
        "- Yhteystiedot",
        "- Tilaukset ja ostot",
        "Toiveeni: Vain vuosi 2025.",
        "Miten minut tavoittaa: aino@example.com",
        "Miten haluan kopion: Postitse",
        "",
        "Allekirjoitus: Áile Ŋuorgŧŧa",
        "Allekirjoitettu, henkilöllisyys todettu tilin kirjautumistiedoilla: 2.3.2026 klo 12.00",
        "Pyynnön numero: TP-2026-0001",
    ]
    assert row["statement_sha256"] == hashlib.sha256(row["statement"].encode()).hexdigest()
    assert (row["signed_name"], row["signed_at"], row["channel"]) == ("Áile Ŋuorgŧŧa", MONDAY, "account")
    assert (row["received_on"], row["due_on"], row["state"]) == (TODAY, date(2026, 4, 2), "received")
    assert row["categories"] == ["contact", "purchase"]


def test_a_request_for_everything_chooses_nothing(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    answers = replace(CHOSEN_ANSWERS, scope=EVERYTHING, wishes="", contact="")
    row = one(reading, submit(transaction, owner, answers, signature(language="sv")))
    assert (row["categories"], row["wishes"], row["contact"], row["language"]) == ([], None, None, "sv")
    assert "Mina önskemål" not in row["statement"]


def test_the_receipt_says_number_deadline_and_words(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    reference = submit(transaction, owner, CHOSEN_ANSWERS, signature())
    (mail,) = Mailbox(reading).all(owner.email)
    assert (mail.kind, mail.language, mail.link) == (
        "access_request_received",
        "fi",
        f"/privacy/access-requests/{reference}",
    )
    row = one(reading, reference)
    for part in (mail.text, mail.html):
        assert reference in part
        assert "viimeistään 2.4.2026" in part
        assert row["statement_sha256"] in part
        assert "Allekirjoitus: Áile Ŋuorgŧŧa" in part
    assert reference not in mail.subject


def test_everything_that_is_wrong_is_named(owner: MadeAccount, transaction: Transaction) -> None:
    wrong = Answers("some", (), "x" * 2001, "y" * 301, "drone")
    with pytest.raises(RuleBroken) as broken:
        submit(transaction, owner, wrong, signature())
    assert problems(broken) == {
        ("scope", "access_request.scope_required"),
        ("wishes", "text.too_long"),
        ("contact", "text.too_long"),
        ("delivery", "access_request.delivery_required"),
    }
    for categories in ((), ("staff",), ("purchase", "nothing")):
        with pytest.raises(RuleBroken) as broken:
            submit(transaction, owner, Answers(CHOSEN, categories), signature())
        assert problems(broken) == {("categories", "access_request.categories_required")}
    for name, code in (("", "access_request.signature_required"), ("x" * 201, "text.too_long")):
        with pytest.raises(RuleBroken) as broken:
            submit(transaction, owner, Answers(), signature(name))
        assert problems(broken) == {("signed_name", code)}


def test_withdrawing_is_once_and_by_the_owner_alone(
    owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=MONDAY) as context:
        stranger = builders.account(context)
    reference = submit(transaction, owner, Answers(), signature())

    def withdraw(who: MadeAccount, version: int) -> None:
        with transaction(Actor("customer", who.id), now=MONDAY) as context:
            service.withdraw(context, who.customer_id, reference, version)

    with pytest.raises(NotFound):
        withdraw(stranger, 1)
    with pytest.raises(Stale):
        withdraw(owner, 0)
    withdraw(owner, 1)
    with pytest.raises(RuleBroken) as broken:
        withdraw(owner, 2)
    assert problems(broken) == {(None, "access_request.decided")}
    assert one(reading, reference)["state"] == State.WITHDRAWN


@pytest.mark.security(33)
def test_ones_own_requests_and_nobody_elses(owner: MadeAccount, transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=MONDAY) as context:
        stranger = builders.account(context)
        foreign = access_requests.ask(context, stranger.customer_id)
    first = submit(transaction, owner, Answers(), signature())
    second = submit(transaction, owner, Answers(), signature(), MONDAY + timedelta(days=1))
    with reading(now=MONDAY) as context:
        assert [found.request.reference for found in service.own(context, owner.customer_id)] == [second, first]
        for unknown in (foreign.reference, "TP-2026-9999", ""):
            with pytest.raises(NotFound):
                service.own_one(context, owner.customer_id, unknown)
        found = service.own_one(context, owner.customer_id, first)
        assert [step.kind for step in found.steps] == ["received"]
    with transaction(Actor("customer", owner.id), now=MONDAY) as context:
        service.withdraw(context, owner.customer_id, second, 1)
    with reading(now=MONDAY) as context:
        assert [found.request.reference for found in service.own_open(context, owner.customer_id)] == [first]


@pytest.mark.security("R12")
def test_the_same_form_twenty_times_at_once_is_one_request(
    app: Flask, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    signed, barrier = signature(), Barrier(20)

    def send() -> str:
        context = Context(Actor("customer", owner.id), MONDAY, Source.ACCOUNT, "test")
        with app.app_context():
            barrier.wait()
            with unit_of_work(context):
                return service.submit(context, owner.customer_id, Answers(), signed)

    with ThreadPoolExecutor(20) as pool:
        references = {job.result() for job in [pool.submit(send) for _ in range(20)]}
    assert references == {"TP-2026-0001"}
    with reading() as context:
        assert len(service.own(context, owner.customer_id)) == 1
    assert Mailbox(reading).kinds() == ["access_request_received"]


def enter(transaction: Transaction, employee: Actor, customer_id: int, entry: Entry, answers: Answers) -> str:
    with transaction(employee, now=MONDAY, source=Source.LETTER) as context:
        return service.enter(context, customer_id, answers, entry)


@pytest.mark.parametrize("channel", ["letter", "email", "phone", "in_store"])
def test_every_channel_is_accepted_and_counted_from_the_day_of_receipt(
    channel: str, employee: Actor, transaction: Transaction, reading: Transaction
) -> None:
    with transaction(now=MONDAY) as context:
        customer_id = builders.customer(context, email="paperi@example.com")
    entry = Entry(channel, date(2026, 1, 31), "Lähettäkää tietoni.\r\nT. Aino", "sv")
    row = one(reading, enter(transaction, employee, customer_id, entry, replace(CHOSEN_ANSWERS, scope=EVERYTHING)))
    assert (row["channel"], row["statement"], row["language"]) == (channel, "Lähettäkää tietoni.\nT. Aino", "sv")
    # A Saturday's request: the month ends on Saturday 28 February, so on Monday.
    assert (row["received_on"], row["due_on"]) == (date(2026, 1, 31), date(2026, 3, 2))
    assert (row["signed_at"], row["signed_name"], row["entered_by_id"]) == (None, None, employee.id)
    (mail,) = Mailbox(reading).all("paperi@example.com")
    # Without an account there is no page to lead to.
    assert mail.links == []
    # Nobody has proven that address: the mail holds number and days, no word of the request and no name.
    assert mail.kind == "access_request_entered"
    for part in (mail.text, mail.html):
        assert row["reference"] in part and "31.1.2026" in part and "2.3.2026" in part
        assert "T. Aino" not in part and "Lähettäkää" not in part and row["statement_sha256"] not in part


def test_the_receipt_of_an_entry_goes_to_the_account_where_there_is_one(
    owner: MadeAccount, employee: Actor, transaction: Transaction, reading: Transaction
) -> None:
    enter(transaction, employee, owner.customer_id, Entry("letter", TODAY, "Tietoni, kiitos.", "fi"), Answers())
    (mail,) = Mailbox(reading).all(owner.email)
    assert mail.kind == "access_request_received"
    assert "Tietoni, kiitos." in mail.text


def test_the_receipt_of_a_late_entry_promises_no_day_that_has_passed(
    owner: MadeAccount, employee: Actor, transaction: Transaction, reading: Transaction
) -> None:
    long_ago = TODAY - timedelta(days=40)
    enter(transaction, employee, owner.customer_id, Entry("letter", long_ago, "Tietoni, kiitos.", "fi"), Answers())
    (mail,) = Mailbox(reading).all(owner.email)
    for words in (mail.text, mail.html):
        assert "Vastaamme viipymättä" in words and "viimeistään" not in words and "yllä mainittua" not in words


def test_who_has_no_email_gets_no_mail(employee: Actor, transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=MONDAY) as context:
        customer_id = builders.customer(context, email=None)
    enter(
        transaction, employee, customer_id, Entry("letter", TODAY, "Tietoni, kiitos.", "fi"), Answers(delivery="post")
    )
    assert Mailbox(reading).all() == []


def test_the_same_entry_twice_is_one_request(owner: MadeAccount, employee: Actor, transaction: Transaction) -> None:
    entry = Entry("letter", TODAY, "Tietoni, kiitos.", "fi", access_requests.submission())
    references = {enter(transaction, employee, owner.customer_id, entry, Answers()) for _ in range(2)}
    assert len(references) == 1


def test_everything_that_is_wrong_with_an_entry_is_named(
    owner: MadeAccount, employee: Actor, transaction: Transaction
) -> None:
    entry = Entry("account", TODAY + timedelta(days=1), "", "de")
    with pytest.raises(RuleBroken) as broken:
        enter(transaction, employee, owner.customer_id, entry, Answers(delivery=""))
    assert problems(broken) == {
        ("channel", "access_request.channel_required"),
        ("received_on", "access_request.received_in_future"),
        ("language", "language.invalid"),
        ("statement", "request_entry.statement_required"),
        ("delivery", "access_request.delivery_required"),
    }
    for day, code in ((date(2025, 3, 1), "received_too_long_ago"), (date(1, 1, 1), "received_too_long_ago")):
        with pytest.raises(RuleBroken) as broken:
            enter(transaction, employee, owner.customer_id, Entry("letter", day, "Tietoni.", "fi"), Answers())
        assert problems(broken) == {("received_on", f"access_request.{code}")}
