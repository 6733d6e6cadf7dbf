"""The world as a fixture, and a throttle that does not stop a matrix half way."""

from dataclasses import replace

import pytest
from flask import Flask

from config import Limit, Settings, Throttles
from tests.support.fixtures import Transaction
from tests.web.matrix.world import World, build

GENEROUS = Limit(100_000, 300)


@pytest.fixture
def world(app: Flask, settings: Settings, transaction: Transaction) -> World:
    """A world of its own for each test."""
    return build(app, settings.base_url, transaction)


@pytest.fixture
def no_throttle(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matrix sends more in a second than a person in a day. What the limits do is proven by their own tests."""
    limits = replace(Throttles(), **dict.fromkeys(Throttles.__dataclass_fields__, GENEROUS))
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", limits)
