"""What the journeys of signing up and logging in share."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from config import Limit, Throttles
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction
from tests.support.mailbox import Mailbox


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
