"""A customer who is logged in, and mail that is really sent."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.jobs import deliver
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.smtp import SmtpServer


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer who can log in."""
    with transaction() as context:
        return builders.account(context, email="aino@example.com", first_name="Aino")


@pytest.fixture
def reader(client: InvariantClient, owner: MadeAccount) -> InvariantClient:
    """The browser in which the owner is logged in, in English."""
    client.set_cookie("portal_language", "en")
    client.language = "en"
    client.log_in(owner)
    return client


@pytest.fixture
def run(app: Flask, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Sends what waits, as the worker would."""
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)

    def once() -> None:
        with app.app_context():
            deliver.run()

    return once
