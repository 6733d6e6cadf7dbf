"""What the outbox does with a message: sent once, tried again, given up (SECURITY R9, R10, 51)."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.jobs import deliver
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.rules.errors import NotFound, RuleBroken
from portal.rules.texts import text
from portal.services.accounts import password_reset
from portal.services.messaging import outbox
from tests.support import builders
from tests.support.fixtures import Transaction
from tests.support.outbox import only, rows, write
from tests.support.smtp import SmtpServer


@pytest.fixture
def run(app: Flask, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Runs the delivery once, as the worker would, against a real SMTP server."""
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)

    def once() -> None:
        with app.app_context():
            deliver.run()

    return once


Run = Callable[[], None]


def test_a_message_goes_out_once_in_its_language(
    run: Run, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction, language="sv", recipient="asa@sjöblom.example")
    run()
    run()
    (delivery,) = smtp_server.messages
    mail, row = delivery.message, only(reading)
    assert (row.status, row.attempts, row.last_error, row.claimed_until) == ("sent", 1, None, None)
    assert row.sent_at is not None
    assert delivery.rcpt_to == ("asa@xn--sjblom-xxa.example",)
    assert mail["Message-ID"] == f"<{row.uuid}@mikromafia.fi>"
    assert mail["Content-Language"] == "sv"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Mikromafia Oy <info@mikromafia.fi>"
    assert mail["Date"].datetime == row.created_at.replace(microsecond=0)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "lösenord" in delivery.body


def test_a_refused_message_waits_longer_each_time_and_is_given_up(
    run: Run,
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    write(transaction)
    smtp_server.refuse("451 4.3.0 Try again later", times=100)
    waited = []
    for _ in outbox.BACK_OFF:
        row = only(reading)
        time_machine.move_to(row.next_attempt_at, tick=False)
        run()
        later = only(reading)
        assert (later.status, later.last_error) == ("waiting", "smtp_451")
        waited.append(later.next_attempt_at - row.next_attempt_at)
        # Until then nothing is tried.
        time_machine.move_to(later.next_attempt_at - timedelta(seconds=1), tick=False)
        run()
        assert only(reading).attempts == later.attempts
    assert waited == [timedelta(minutes=minutes) for minutes in outbox.BACK_OFF]
    time_machine.move_to(later.next_attempt_at, tick=False)
    run()
    assert (only(reading).status, only(reading).attempts) == ("failed", outbox.MOST_ATTEMPTS)
    assert smtp_server.messages == []


def test_a_failed_message_is_sent_when_the_operator_asks(
    run: Run, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    smtp_server.handle_RCPT = refuse_recipient  # type: ignore[attr-defined]
    write(transaction)
    run()
    assert (only(reading).status, only(reading).last_error) == ("failed", "recipient_550")
    del smtp_server.handle_RCPT  # type: ignore[attr-defined]
    run()
    assert smtp_server.messages == []
    with transaction() as context:
        assert outbox.try_again(context) == 1
    run()
    assert only(reading).status == "sent"
    with reading() as context:
        assert outbox.counts(context) == {"sent": 1}


async def refuse_recipient(*_arguments: Any) -> str:
    return "550 5.1.1 No such mailbox"


def test_a_message_whose_link_would_lead_nowhere_is_not_sent(
    run: Run, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction, kind="reset_password", reset=4711)
    write(transaction)
    run()
    assert [row.status for row in rows(reading)] == ["obsolete", "sent"]
    assert len(smtp_server.messages) == 1


@pytest.mark.parametrize("recipient", ["aino@example.com\r\nBcc: eve@example.com", "aino@example.com\nX: y", "aino"])
def test_a_recipient_that_is_no_address_reaches_no_header(
    run: Run, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction, recipient: str
) -> None:
    write(transaction, recipient=recipient)
    run()
    assert (only(reading).status, only(reading).last_error) == ("failed", "unsafe_header")
    assert smtp_server.messages == []


@pytest.mark.expects_log_errors
def test_a_message_that_cannot_be_written_holds_up_no_other(
    run: Run, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction, kind="of_no_catalogue")
    write(transaction)
    run()
    first, second = rows(reading)
    assert (first.status, first.last_error, second.status) == ("waiting", "not_written", "sent")


def test_development_writes_whole_files(
    app: Flask, transaction: Transaction, reading: Transaction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mail to nobody"
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", f"file:{folder}")
    write(transaction, count=2)
    with app.app_context():
        deliver.run()
    assert {row.status for row in rows(reading)} == {"sent"}
    written = sorted(folder.iterdir())
    assert [path.suffix for path in written] == [".eml", ".eml"]
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in written]
    assert {mail["To"] for mail in mails} == {"aino@example.com"}


def test_what_was_sent_is_kept_for_the_customer_without_its_link(
    run: Run, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        account = builders.account(context, email="aino@example.com")
    with transaction() as context:
        password_reset.request(context, account.email)
    assert only(reading).body is None
    run()
    (delivery,), row = smtp_server.messages, only(reading)
    (address,) = [line for line in delivery.body.splitlines() if "/reset-password/" in line]
    assert row.subject == delivery.message["Subject"]
    assert row.body == delivery.body.replace(address, text("mail.link_not_kept", "fi"))
    assert address.rpartition("/")[2] not in row.html and "Valitse uusi salasana [" in row.html


def test_nothing_is_kept_of_mail_to_somebody_who_is_no_customer(
    run: Run, transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        employee = builders.staff(context)
    write(transaction)
    write(transaction, staff_id=employee.id)
    run()
    assert {(row.status, row.subject, row.body, row.html) for row in rows(reading)} == {("sent", None, None, None)}


def test_nothing_is_kept_of_mail_that_did_not_go_out(
    run: Run, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        customer_id = builders.customer(context)
    smtp_server.refuse()
    write(transaction, customer_id=customer_id)
    run()
    assert (only(reading).status, only(reading).subject, only(reading).body) == ("waiting", None, None)


def test_one_message_is_put_back_in_line_once_and_keeps_its_name(
    run: Run, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    smtp_server.refuse("451 4.3.0 Try again later")
    write(transaction)
    run()
    name = only(reading).uuid
    with transaction() as context:
        outbox.try_one_again(context, name)
    run()
    (delivery,) = smtp_server.messages
    assert delivery.message["Message-ID"] == f"<{name}@mikromafia.fi>"
    assert (only(reading).status, only(reading).attempts) == ("sent", 2)
    with pytest.raises(RuleBroken), transaction() as context:
        outbox.try_one_again(context, name)
    with pytest.raises(NotFound), transaction() as context:
        outbox.try_one_again(context, uuid.uuid4())


def test_trying_all_again_lets_nobody_wait_for_the_next_attempt(
    run: Run, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    smtp_server.refuse(times=2)
    write(transaction, count=2)
    run()
    assert {row.status for row in rows(reading)} == {"waiting"}
    with transaction() as context:
        assert outbox.try_again(context) == 2
    run()
    assert {row.status for row in rows(reading)} == {"sent"}
    with transaction() as context:
        assert outbox.try_again(context) == 0
    with reading():
        told = db.session.query(AuditEvent.details).filter_by(action="messages.resent").all()
    assert [row.details for row in told] == [{"count": 2}]


def test_replies_reach_people(run: Run, app: Flask, smtp_server: SmtpServer, transaction: Transaction) -> None:
    write(transaction)
    run()
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(app.config, "PORTAL_MAIL_FROM", "Kauppa <ei.vastata@kauppa.example>")
        write(transaction)
        run()
    own, other = smtp_server.messages
    assert own.message["Reply-To"] is None
    assert (other.message["From"], other.message["Reply-To"]) == (
        "Kauppa <ei.vastata@kauppa.example>",
        "info@mikromafia.fi",
    )
