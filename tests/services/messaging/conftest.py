"""What tests of newsletters share."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from portal.jobs import announce, deliver
from portal.rules.context import Actor
from tests.support import builders
from tests.support.announcements import announcement
from tests.support.fixtures import Transaction
from tests.support.smtp import SmtpServer


@pytest.fixture
def run_newsletters(app: Flask, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Does what the schedule does once, for an audience of one batch."""
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
        return announcement(context, writer.id)
