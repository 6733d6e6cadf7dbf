"""What the journeys of signing up and logging in share."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from config import Limit, Throttles
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.factors import HALF_MINUTE, ask, digits


@pytest.fixture
def mailbox(reading: Transaction) -> Mailbox:
    """The mail the portal has written."""
    return Mailbox(reading)


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer who can log in."""
    with transaction() as context:
        return builders.account(context, email="aino@example.com")


@pytest.fixture
def no_throttle(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that twenty requests at once do not reach; what the limits do is proven by tests of their own."""
    limits = replace(Throttles(), **dict.fromkeys(Throttles.__dataclass_fields__, Limit(1000, 300)))
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", limits)


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """The portal's clock, at noon of a working day until a test moves it."""
    time_machine.move_to(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), tick=False)
    return time_machine


@pytest.fixture
def secret(owner: MadeAccount, transaction: Transaction) -> str:
    """The owner's second factor is on; the secret in the telephone."""
    with transaction() as context:
        return builders.second_factor(context, owner.id)


@pytest.fixture
def inside(client: InvariantClient, owner: MadeAccount, secret: str, clock: TimeMachineFixture) -> InvariantClient:
    """The owner, logged in with both factors; half a minute has passed."""
    client.submit_form(ask(client, owner), code=digits(secret))
    clock.shift(HALF_MINUTE)
    return client
