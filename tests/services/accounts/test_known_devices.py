"""A log-in from elsewhere: which pair of device and network is new."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal.models.account import KnownDevice
from portal.models.base import db
from portal.rules.context import Visitor
from portal.services.accounts import known_devices
from tests.support import builders
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOME = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")
NEIGHBOUR = Visitor("192.0.2.99", "192.0.2.0/24", "Firefox Linux")
ABROAD = Visitor("198.51.100.7", "198.51.100.0/24", "Firefox Linux")
OTHER_BROWSER = Visitor("192.0.2.7", "192.0.2.0/24", "Chrome Windows")


def test_only_another_device_or_network_is_new(transaction: Transaction) -> None:
    with transaction(now=NOON) as context:
        account = builders.account(context).id
        answers = [
            known_devices.note(context, known_devices.of_account(account), visitor)
            for visitor in (HOME, HOME, NEIGHBOUR, ABROAD, ABROAD, OTHER_BROWSER, HOME)
        ]
    assert answers == [False, False, False, True, False, True, False]


def test_accounts_know_their_own_devices(transaction: Transaction) -> None:
    with transaction(now=NOON) as context:
        first, second = builders.account(context).id, builders.account(context).id
        known_devices.note(context, known_devices.of_account(first), HOME)
        known_devices.note(context, known_devices.of_account(second), ABROAD)
        assert known_devices.note(context, known_devices.of_account(second), HOME)


def test_the_latest_use_is_kept_and_no_address(transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=NOON) as context:
        account = builders.account(context).id
        known_devices.note(context, known_devices.of_account(account), HOME)
    later = NOON + timedelta(days=3)
    with transaction(now=later) as context:
        known_devices.note(context, known_devices.of_account(account), HOME)
    with reading():
        row = db.session.execute(select(KnownDevice)).scalar_one()
        assert row.last_used_at == later
        assert b"192.0.2" not in row.device_hash
