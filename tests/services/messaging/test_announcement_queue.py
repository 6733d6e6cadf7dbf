"""How newsletters leave: in batches behind which nothing waits, to whoever still wants them at that moment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from portal.jobs import announce, deliver, work
from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.consents import Action
from portal.rules.context import Actor
from portal.services.choices import consent_changes, consent_events
from portal.services.choices.consent_events import Said
from portal.services.messaging import announcement_queue, announcements
from tests.support import builders
from tests.support.announcements import EMAIL, announcement, let_go, row, willing
from tests.support.fixtures import Transaction
from tests.support.outbox import rows, write
from tests.support.smtp import SmtpServer


def test_a_choice_made_while_it_waits_counts(
    run_newsletters: Callable[[], None],
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
        announce.run()
    with transaction() as context:
        consent_changes.unsubscribe(context, customer, EMAIL, "fi")
    run_newsletters()
    assert smtp_server.messages == []
    assert [message.status for message in rows(reading)] == ["obsolete"]
    with reading() as context:
        assert announcements.outcomes(context, row(reading, draft)) == {"obsolete": 1}


def test_service_information_goes_to_no_address_that_was_given_up_while_it_waited(
    run_newsletters: Callable[[], None],
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    app: Flask,
) -> None:
    with transaction() as context:
        moved, cleared, _ = [
            builders.customer(context, email=f"{name}@example.com") for name in ("muutti", "poistettiin", "pysyi")
        ]
        assert writer.id is not None
        recall = announcement(context, writer.id, type="service")
    let_go(transaction, writer, recall)
    with app.app_context():
        announce.run()
    with transaction():
        for customer, address in ((moved, "uusi@example.com"), (cleared, None)):
            own = update(Customer).where(Customer.id == customer)
            db.session.execute(own.values(email=address, email_identity=address))
    run_newsletters()
    assert [delivery.rcpt_to for delivery in smtp_server.messages] == [("pysyi@example.com",)]
    with reading() as context:
        assert announcements.outcomes(context, row(reading, recall)) == {"obsolete": 2, "sent": 1}


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
        announce.run()
        announce.run()
        assert len(rows(reading)) == 2
        write(transaction)
        monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", "smtp://127.0.0.1:1")
        # A server that takes nothing holds no batch up: what was tried waits by itself.
        for queued in (4, 5):
            assert row(reading, draft).state == "sending"
            deliver.run()
            announce.run()
            assert row(reading, draft).queued == queued
    sent = [message.kind for message in rows(reading)]
    assert sent == ["announcement", "announcement", "password_changed", *["announcement"] * 3]
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
                announce.run()
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


def test_a_worker_takes_one_batch_and_is_woken_for_the_next(
    app: Flask,
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(announcement_queue, "BATCH", 2)
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)
    with transaction() as context:
        # Nobody of the first batch may be written to: the next one begins all the same.
        for number in range(2):
            builders.customer(context, email=f"vaiti{number}@example.com")
        for number in range(3):
            willing(context, email=f"suostunut{number}@example.com")
    let_go(transaction, writer, draft)
    monkeypatch.setitem(app.extensions, "portal.wake_jobs", lambda: woken.append(True))
    seen = []
    with app.app_context():
        for _ in range(4):
            before = len(woken)
            work.run()
            seen.append((len(rows(reading)), len(smtp_server.messages), len(woken) - before))
    assert seen == [(0, 0, 1), (2, 0, 1), (3, 2, 1), (3, 3, 0)]


@pytest.mark.parametrize("told", [True, False])
def test_a_refusal_in_the_same_mailbox_counts_while_it_waits(
    told: bool,
    app: Flask,
    run_newsletters: Callable[[], None],
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
) -> None:
    with transaction() as context:
        older = builders.customer(context, email="YHTEINEN@example.com")
        willing(context, email="yhteinen@example.com")
    let_go(transaction, writer, draft)
    with app.app_context():
        announce.run()
    with transaction() as context:
        # A consent of the older record does not take the message of the one it was written for.
        action = Action.WITHDRAWN if told else Action.GIVEN
        consent_events.append(context, older, EMAIL, action, Said("fi", "Sanat", 1))
    run_newsletters()
    assert [message.status for message in rows(reading)] == ["obsolete" if told else "sent"]
    assert len(smtp_server.messages) == (0 if told else 1)


def test_an_address_that_is_the_customer_s_no_more_gets_nothing(
    app: Flask,
    run_newsletters: Callable[[], None],
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
) -> None:
    with transaction() as context:
        customer = willing(context, email="vanha@example.com")
    let_go(transaction, writer, draft)
    with app.app_context():
        announce.run()
    with transaction():
        moved = {"email": "uusi@example.com", "email_identity": "uusi@example.com"}
        db.session.execute(update(Customer).where(Customer.id == customer).values(**moved))
    run_newsletters()
    assert [message.status for message in rows(reading)] == ["obsolete"]
    assert smtp_server.messages == []


def test_after_an_outage_other_mail_leaves_before_what_is_older_of_a_newsletter(
    app: Flask,
    run_newsletters: Callable[[], None],
    smtp_server: SmtpServer,
    transaction: Transaction,
    writer: Actor,
    draft: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with transaction() as context:
        willing(context, email="suostunut@example.com")
    let_go(transaction, writer, draft)
    now = datetime.now(UTC)
    with app.app_context(), monkeypatch.context() as outage:
        announce.run()
        outage.setitem(app.config, "PORTAL_SMTP_URL", "smtp://127.0.0.1:1")
        deliver.run()
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        write(transaction, recipient="salasana@example.com")
        run_newsletters()
    assert [mail.rcpt_to[0] for mail in smtp_server.messages] == ["salasana@example.com", "suostunut@example.com"]
