"""Newsletters: to whoever may be contacted when they leave, once each, and never in the way of other mail."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from portal.jobs import announce, deliver
from portal.models.announcement import Announcement
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.rules.consents import KINDS, Action
from portal.rules.context import Actor, Context
from portal.rules.errors import RuleBroken, Stale
from portal.services.choices import consent_changes, consent_events
from portal.services.choices.consent_events import Said
from portal.services.messaging import announcement_queue, announcements
from tests.support import builders
from tests.support.announcements import announcement as write_announcement
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.outbox import rows, write
from tests.support.smtp import SmtpServer

EMAIL = KINDS["marketing_email"]
FIRM: dict[str, Any] = {"company": "Majakka Oy", "business_id": "2077474-0"}
BODY = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def run(app: Flask, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Does what the schedule does once."""
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)

    def once() -> None:
        with app.app_context():
            announce.run()
            deliver.run()

    return once


@pytest.fixture
def writer(transaction: Transaction) -> Actor:
    with transaction() as context:
        return Actor("staff", builders.staff(context, "communications", email="viestija@example.com").id)


@pytest.fixture
def draft(transaction: Transaction, writer: Actor) -> UUID:
    with transaction() as context:
        assert writer.id is not None
        return write_announcement(context, writer.id)


def willing(context: Context, action: Action = Action.GIVEN, **details: Any) -> int:
    customer = builders.customer(context, **details)
    consent_events.append(context, customer, EMAIL, action, Said("fi", "Sanat", 1))
    return customer


def let_go(transaction: Transaction, writer: Actor, draft: UUID) -> None:
    with transaction(writer) as context:
        announcements.send(context, draft, 1)


def row(reading: Transaction, draft: UUID) -> Any:
    with reading() as context:
        return announcements.find(context, draft)


def test_it_reaches_who_may_be_contacted_and_nobody_else(
    run: Callable[[], None],
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
) -> None:
    with transaction() as context:
        willing(context, email="suostunut@example.com", language="sv")
        willing(context, Action.WITHDRAWN, email="perui@example.com")
        builders.customer(context, email="vaiti@example.com")
        builders.customer(context, email="yritys@example.com", language="en", **FIRM)
        willing(context, Action.FORBIDDEN, email="kielsi@example.com", **FIRM)
        builders.customer(context, email=None)
    with reading() as context:
        reach = announcements.reach(context)
    assert (reach.reached, reach.withheld) == (2, 3)
    let_go(transaction, writer, draft)
    run()
    assert {(mail.rcpt_to[0], mail.message["Subject"]) for mail in smtp_server.messages} == {
        ("suostunut@example.com", "Kevät sv"),
        ("yritys@example.com", "Kevät en"),
    }
    found = row(reading, draft)
    assert (found.state, found.queued, found.withheld) == ("sent", 2, 3)
    with reading() as context:
        assert announcements.outcomes(context, found.id) == {"sent": 2}
        (event,) = db.session.query(AuditEvent).filter_by(action="announcement.finished").all()
        assert event.details == {"announcement": found.id, "queued": 2, "withheld": 3}
    run()
    assert len(smtp_server.messages) == 2


def test_each_mail_carries_the_way_out_and_it_works_for_the_next(
    run: Callable[[], None],
    smtp_server: SmtpServer,
    client: InvariantClient,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
) -> None:
    with transaction() as context:
        willing(context, email="suostunut@example.com")
    let_go(transaction, writer, draft)
    run()
    (mail,) = smtp_server.messages
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail.message["List-Unsubscribe"].strip("<>")
    assert link in mail.body
    assert client.post(urlsplit(link).path, data=BODY).status_code == 200
    with transaction(writer) as context:
        again = write_announcement(context, writer.id or 0)
    let_go(transaction, writer, again)
    run()
    assert len(smtp_server.messages) == 1
    found = row(reading, again)
    assert (found.queued, found.withheld) == (0, 1)


def test_a_choice_made_while_it_waits_counts(
    run: Callable[[], None],
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
    app: Flask,
) -> None:
    with transaction() as context:
        customer = willing(context, email="suostunut@example.com")
    let_go(transaction, writer, draft)
    with app.app_context():
        assert announce.queue_some()
    with transaction() as context:
        consent_changes.unsubscribe(context, customer, EMAIL, "fi")
    run()
    assert smtp_server.messages == []
    assert [message.status for message in rows(reading)] == ["obsolete"]
    with reading() as context:
        assert announcements.outcomes(context, row(reading, draft).id) == {"obsolete": 1}


@pytest.mark.parametrize("refused", [True, False])
def test_records_with_one_mailbox_are_one_reader(refused: bool, transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        willing(context, email="yhteinen@example.com")
        willing(context, Action.WITHDRAWN if refused else Action.GIVEN, email="YHTEINEN@example.com")
    with reading() as context:
        reach = announcements.reach(context)
    assert (reach.reached, reach.withheld) == ((0, 2) if refused else (1, 1))


def test_a_joined_record_is_its_owner_s(transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        owner = willing(context, email="aino@example.com")
        willing(context, email="aino.vanha@example.com", merged_into_id=owner)
    with reading() as context:
        assert announcements.reach(context).reached == 1


def test_it_goes_in_batches_behind_which_no_other_mail_waits(
    app: Flask,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(announcement_queue, "BATCH", 2)
    with transaction() as context:
        for number in range(5):
            willing(context, email=f"suostunut{number}@example.com")
    let_go(transaction, writer, draft)
    with app.app_context():
        assert announce.queue_some()
        assert not announce.queue_some()
        assert len(rows(reading)) == 2
        write(transaction)
        monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", "smtp://127.0.0.1:1")
        announce.run()
        deliver.run()
    sent = [message.kind for message in rows(reading)]
    assert sent == ["announcement", "announcement", "password_changed", *["announcement"] * 3]
    # A server that takes nothing holds no batch up: what was tried waits by itself.
    assert row(reading, draft).state == "sent"


def test_two_workers_at_once_queue_everybody_once(
    app: Flask, transaction: Transaction, reading: Transaction, writer: Actor, draft: UUID
) -> None:
    with transaction() as context:
        for number in range(8):
            willing(context, email=f"suostunut{number}@example.com")
    let_go(transaction, writer, draft)
    barrier, failures = Barrier(4), []

    def work() -> None:
        with app.app_context():
            barrier.wait()
            try:
                announce.queue_some()
            except Exception as error:  # noqa: BLE001 - whatever it is fails the test
                failures.append(error)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(message.recipient for message in rows(reading)) == [
        f"suostunut{number}@example.com" for number in range(8)
    ]


def test_it_is_let_go_once_and_as_it_was_seen(
    transaction: Transaction, reading: Transaction, writer: Actor, draft: UUID
) -> None:
    given = {f"{part}_{language}": "Uusi" for part in ("subject", "text") for language in ("fi", "sv", "en")}
    with transaction(writer) as context:
        announcements.edit(context, draft, 1, given)
    with pytest.raises(Stale), transaction(writer) as context:
        announcements.send(context, draft, 1)
    with transaction(writer) as context:
        announcements.send(context, draft, 2)
    with pytest.raises(RuleBroken), transaction(writer) as context:
        announcements.send(context, draft, 2)
    with pytest.raises(RuleBroken), transaction(writer) as context:
        announcements.edit(context, draft, 2, given)
    found = row(reading, draft)
    assert (found.state, found.words["fi"]["text"]) == ("sending", "Uusi")


@pytest.mark.security(46, 48, 51)
def test_every_fault_of_the_words_is_named_at_once(transaction: Transaction, writer: Actor) -> None:
    given = {f"{part}_{language}": "Teksti" for part in ("subject", "text") for language in ("fi", "sv", "en")}
    wrong = {"subject_fi": "", "text_sv": "x" * 5001, "subject_en": "Otsikko\r\nBcc: muu@example.com"}
    with pytest.raises(RuleBroken) as refused, transaction(writer) as context:
        announcements.begin(context, {**given, **wrong})
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("subject_fi", "text.required"),
        ("text_sv", "text.too_long"),
        ("subject_en", "text.control"),
    ]
    with transaction():
        assert db.session.execute(select(Announcement.id)).first() is None
