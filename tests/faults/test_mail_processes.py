"""Processes that are killed with mail in their hands, and two that work at once, before a real SMTP server (R7–R9)."""

import signal
import textwrap
from collections import Counter
from subprocess import Popen

import pytest
from sqlalchemy import update

from portal.models.base import db
from portal.models.message import Message
from tests.faults.conftest import Start
from tests.support.fixtures import Transaction
from tests.support.outbox import only, rows, write
from tests.support.smtp import SmtpServer

MESSAGES = 24
# Writes a message as a request does, and dies between its commit and the waking of the worker.
REQUEST = """
import os, signal
from datetime import UTC, datetime
from portal import create_app
from portal.mail import outbox
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.unit_of_work import unit_of_work

app = create_app()
app.extensions["portal.wake_jobs"] = lambda: os.kill(os.getpid(), signal.SIGKILL)
context = Context(Actor("command"), datetime.now(UTC), Source.CONTROLLER, "killed")
with app.app_context(), unit_of_work(context):
    outbox.queue(context, kind="password_changed", recipient="aino@example.com", language="fi")
"""
# Sends what is due. `{around}` stands around the handing over of the first mail.
WORKER = """
import sys
from portal import create_app
from portal.jobs import deliver
from portal.services.messaging import outbox

hand_over = outbox.deliver
sent = 0

def pause():
    print("there", flush=True)
    sys.stdin.readline()

def handed_over(*arguments):
    global sent
    sent += 1
    first = sent == 1
{around}

outbox.deliver = handed_over
with create_app().app_context():
    deliver.run()
print(sent, flush=True)
"""
NEVER = "hand_over(*arguments)"
BEFORE = "if first: pause()\nhand_over(*arguments)"
AFTER = "hand_over(*arguments)\nif first: pause()"


def worker(around: str) -> str:
    return WORKER.format(around=textwrap.indent(around, "    "))


@pytest.fixture(autouse=True)
def _server(environment: dict[str, str], smtp_server: SmtpServer) -> None:
    environment["PORTAL_SMTP_URL"] = smtp_server.url


def read(process: Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go_on(process: Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def killed(process: Popen[str]) -> None:
    process.kill()
    assert process.wait(60) == -signal.SIGKILL


def claims_run_out(transaction: Transaction) -> None:
    """As if the minutes of the claim had passed."""
    with transaction() as context:
        db.session.execute(update(Message).values(claimed_until=context.now))


@pytest.mark.security("R7")
def test_a_request_killed_after_its_commit_loses_no_mail(
    start: Start, smtp_server: SmtpServer, reading: Transaction
) -> None:
    assert start(REQUEST).wait(60) == -signal.SIGKILL
    assert only(reading).status == "waiting"
    assert read(start(worker(NEVER))) == "1"
    assert len(smtp_server.to("aino@example.com")) == 1
    assert only(reading).status == "sent"


@pytest.mark.security("R7")
def test_a_worker_killed_before_it_sends_loses_no_mail(
    start: Start, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction)
    first = start(worker(BEFORE))
    assert read(first) == "there"
    killed(first)
    assert (only(reading).status, smtp_server.messages) == ("sending", [])
    claims_run_out(transaction)
    assert read(start(worker(NEVER))) == "1"
    assert (only(reading).status, len(smtp_server.messages)) == ("sent", 1)


@pytest.mark.security("R8")
def test_a_worker_killed_after_the_server_accepted_costs_one_duplicate(
    start: Start, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction)
    first = start(worker(AFTER))
    assert read(first) == "there"
    killed(first)
    assert (only(reading).status, len(smtp_server.messages)) == ("sending", 1)
    # Nobody takes it up while the claim holds.
    assert read(start(worker(NEVER))) == "0"
    claims_run_out(transaction)
    assert [read(start(worker(NEVER))) for _ in range(2)] == ["1", "0"]
    one, two = (delivery.message for delivery in smtp_server.messages)
    assert (one["Message-ID"], one["Date"]) == (two["Message-ID"], two["Date"])
    assert (only(reading).status, only(reading).attempts) == ("sent", 2)


@pytest.mark.security("R9")
def test_two_workers_send_each_message_once(
    start: Start, smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    write(transaction, MESSAGES)
    both = [start(worker(BEFORE)) for _ in range(2)]
    # Each holds a message before either goes on.
    assert [read(process) for process in both] == ["there"] * 2
    for process in both:
        go_on(process)
    counts = [int(read(process)) for process in both]
    assert min(counts) >= 1
    assert sum(counts) == MESSAGES
    sent = Counter(delivery.message["Message-ID"] for delivery in smtp_server.messages)
    assert (len(sent), set(sent.values())) == (MESSAGES, {1})
    assert {(row.status, row.attempts) for row in rows(reading)} == {("sent", 1)}
