"""Mail when something breaks in the middle: none is lost, and a crash costs one duplicate at most (SECURITY R7–R10)."""

import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import time_machine
from flask import Flask

from portal.jobs import deliver
from portal.mail import transport
from portal.services.messaging import outbox
from tests.support import builders
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.outbox import only, rows, write
from tests.support.smtp import SmtpServer

WORKERS, MESSAGES = 4, 24


class Killed(BaseException):
    """The process ends here; nothing of the program may catch it."""


def die(*_arguments: object) -> None:
    raise Killed


@pytest.fixture(autouse=True)
def _server(app: Flask, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)


def run(app: Flask) -> None:
    with app.app_context():
        deliver.run()


@contextmanager
def killed_in(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    """The worker dies when it calls this function of the outbox."""
    with monkeypatch.context() as patched:
        patched.setattr(outbox, name, die)
        with pytest.raises(Killed):
            yield


def test_a_worker_that_dies_before_sending_loses_nothing(
    app: Flask,
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    write(transaction)
    with killed_in(monkeypatch, "send"):
        run(app)
    run(app)
    assert (smtp_server.messages, only(reading).status) == ([], "sending")
    time_machine.move_to(only(reading).claimed_until, tick=False)
    run(app)
    assert only(reading).status == "sent"
    assert len(smtp_server.messages) == 1


def test_a_worker_that_dies_after_the_server_accepted_costs_one_duplicate(
    app: Flask,
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    write(transaction)
    with killed_in(monkeypatch, "finish"):
        run(app)
    for _ in range(3):
        time_machine.move_to(only(reading).created_at + 2 * outbox.CLAIM, tick=False)
        run(app)
    first, second = smtp_server.messages
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.message["Date"] == second.message["Date"]
    assert only(reading).status == "sent"


def test_a_message_that_kills_each_worker_is_given_up(
    app: Flask,
    transaction: Transaction,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    write(transaction)
    for _ in range(outbox.MOST_ATTEMPTS):
        time_machine.move_to(only(reading).claimed_until or only(reading).created_at, tick=False)
        with killed_in(monkeypatch, "send"):
            run(app)
    time_machine.move_to(only(reading).claimed_until, tick=False)
    run(app)
    assert (only(reading).status, only(reading).last_error) == ("failed", "abandoned")


def test_several_workers_send_each_message_once(
    app: Flask, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction, MESSAGES)
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda _worker: run(app), range(WORKERS)))
    sent = Counter(delivery.message["Message-ID"] for delivery in smtp_server.messages)
    assert sorted(sent) == sorted(f"<{row.uuid}@mikromafia.fi>" for row in rows(reading))
    assert set(sent.values()) == {1}
    assert {(row.status, row.attempts) for row in rows(reading)} == {("sent", 1)}


def test_a_late_worker_does_not_undo_what_another_finished(
    app: Flask, transaction: Transaction, reading: Transaction, time_machine: time_machine.TimeMachineFixture
) -> None:
    write(transaction)
    with transaction() as context:
        late = outbox.claim(context)
    assert late is not None
    time_machine.move_to(only(reading).claimed_until, tick=False)
    run(app)
    with transaction() as context:
        outbox.finish(context, late, outbox.Failure("timeout"))
    assert only(reading).status == "sent"


def test_a_server_that_is_down_or_silent_only_delays(
    app: Flask,
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    write(transaction)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setattr(transport, "TIMEOUT", 0.1)
        run(app)
    assert only(reading).last_error == "timeout"
    time_machine.move_to(only(reading).next_attempt_at)
    run(app)
    assert only(reading).last_error == "connection"
    monkeypatch.setattr(transport, "TIMEOUT", 15)
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)
    time_machine.move_to(only(reading).next_attempt_at)
    run(app)
    assert only(reading).status == "sent"


def test_nothing_leaves_the_machine_in_the_clear(
    app: Flask,
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As if the server, which offers no STARTTLS, stood elsewhere.
    monkeypatch.setattr(transport, "LOOPBACK", ())
    write(transaction)
    run(app)
    assert (only(reading).status, only(reading).last_error) == ("waiting", "smtp_not_supported")
    assert smtp_server.messages == []


def staff_browser(new_client: NewClient, transaction: Transaction) -> InvariantClient:
    with transaction() as context:
        made = builders.staff(context)
    browser = new_client()
    browser.log_in_staff(made)
    return browser


@pytest.mark.security("R10")
def test_a_server_that_is_down_for_hours_delays_no_request_and_is_seen_by_staff(
    app: Flask,
    smtp_server: SmtpServer,
    client: InvariantClient,
    new_client: NewClient,
    transaction: Transaction,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    with transaction() as context:
        owner = builders.account(context, email="aino@example.com")
    smtp_server.refuse("421 4.3.2 Service not available", times=100)
    # The request does not know of it: it writes a row and goes on.
    asked = client.follow(client.submit("/forgot-password", email=owner.email))
    assert asked.status_code == 200
    waits = []
    for _ in range(4):
        before = only(reading).next_attempt_at
        run(app)
        waits.append(only(reading).next_attempt_at - before)
        time_machine.move_to(only(reading).next_attempt_at, tick=False)
    assert [round(wait.total_seconds() / 60) for wait in waits] == list(outbox.BACK_OFF[:4])
    staff = staff_browser(new_client, transaction)
    assert "1 viesti odottaa" in staff.get("/admin/").page_text
    listed = staff.get("/admin/messages")
    assert "(421)" in listed.page_text and "4 yritystä" in listed.page_text
    # The server is back; an employee does not wait for the next attempt.
    smtp_server.accept_again()
    staff.submit_form(listed, 'form[action="/admin/messages/resend"]')
    run(app)
    (delivery,) = smtp_server.to("aino@example.com")
    row = only(reading)
    assert (row.status, delivery.message["Message-ID"]) == ("sent", f"<{row.uuid}@mikromafia.fi>")
    assert not staff.get("/admin/").select(".notice--warn")


@pytest.mark.security("R10")
def test_a_silent_server_holds_up_no_request(
    app: Flask,
    client: InvariantClient,
    transaction: Transaction,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with transaction() as context:
        owner = builders.account(context, email="aino@example.com")
        other = builders.account(context, email="ville@example.com")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setattr(transport, "TIMEOUT", 5)
        with ThreadPoolExecutor(1) as pool:
            client.submit("/forgot-password", email=owner.email)
            sending = pool.submit(run, app)
            connected, _ = silent.accept()
            # The worker waits for the server now. Pages are served and further mail is written meanwhile.
            assert client.get("/login").status_code == 200
            assert client.submit("/forgot-password", email=other.email).status_code == 303
            assert not sending.done()
            assert [row.status for row in rows(reading)] == ["sending", "waiting"]
            connected.close()
            silent.close()
            sending.result(30)
    assert {row.status for row in rows(reading)} <= {"waiting", "obsolete"}
