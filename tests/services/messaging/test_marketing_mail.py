"""Mail of the type marketing: sent only while the customer allows it, and with the way to end it (RFC 8058)."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask

from portal.jobs import deliver
from portal.mail.kinds import KINDS
from portal.rules.announcement_types import MESSAGES
from portal.rules.consents import MARKETING, Channel
from portal.services.choices import consent_changes
from tests.support import builders
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.outbox import rows, write
from tests.support.smtp import SmtpServer

FIRM = {"company": "Majakka Oy", "business_id": "2077474-0"}


@pytest.fixture
def run(app: Flask, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Delivers what waits. The portal has no advertising yet, so one of its messages is declared to be some."""
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)
    monkeypatch.setitem(KINDS, "account_ready", replace(KINDS["account_ready"], marketing=True))

    def once() -> None:
        with app.app_context():
            deliver.run()

    return once


def test_a_message_is_no_marketing_unless_it_is_declared() -> None:
    assert {code for code, kind in KINDS.items() if kind.marketing} == {"announcement"}
    assert {code for code, kind in KINDS.items() if kind.to_many} == set(MESSAGES.values())


def test_marketing_leaves_with_a_link_that_ends_it(
    run: Callable[[], None],
    smtp_server: SmtpServer,
    client: InvariantClient,
    transaction: Transaction,
    reading: Transaction,
) -> None:
    with transaction() as context:
        firm = builders.customer(context, email="aino@example.com", **FIRM)
    write(transaction, kind="account_ready", customer_id=firm)
    run()
    (delivery,) = smtp_server.messages
    assert delivery.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = delivery.message["List-Unsubscribe"].strip("<>")
    answer = client.post(urlsplit(link).path, data=dict([delivery.message["List-Unsubscribe-Post"].split("=")]))
    assert answer.status_code == 200
    write(transaction, kind="account_ready", customer_id=firm)
    run()
    assert [row.status for row in rows(reading)] == ["sent", "obsolete"]
    assert len(smtp_server.messages) == 1


def test_a_choice_counts_for_what_waits_already(
    run: Callable[[], None], smtp_server: SmtpServer, transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        firm = builders.customer(context, email="yritys@example.com", **FIRM)
        person = builders.customer(context, email="aino@example.com")
    for customer_id, address in ((firm, "yritys@example.com"), (person, "aino@example.com")):
        write(transaction, kind="account_ready", customer_id=customer_id, recipient=address)
    with transaction() as context:
        consent_changes.unsubscribe(context, firm, MARKETING[Channel.EMAIL], "fi")
    run()
    assert [row.status for row in rows(reading)] == ["obsolete", "obsolete"]
    assert smtp_server.messages == []


def test_other_messages_need_no_consent_and_carry_no_such_link(
    run: Callable[[], None], smtp_server: SmtpServer, transaction: Transaction
) -> None:
    with transaction() as context:
        person = builders.customer(context)
        consent_changes.unsubscribe(context, person, MARKETING[Channel.EMAIL], "fi")
    write(transaction, customer_id=person)
    run()
    (delivery,) = smtp_server.messages
    assert "List-Unsubscribe" not in delivery.message
