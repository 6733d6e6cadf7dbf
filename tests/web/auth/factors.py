"""What the tests of second factors share."""

from datetime import UTC, datetime, timedelta

import pyotp
from sqlalchemy import func, select

from portal.models.audit import AuditEvent
from portal.models.base import db
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction

HALF_MINUTE = timedelta(seconds=30)


def digits(secret: str) -> str:
    """What the telephone shows now."""
    return pyotp.TOTP(secret).at(datetime.now(UTC))


def ask(client: InvariantClient, owner: MadeAccount, *, remember: bool = False) -> PageResponse:
    """The question for the code, after the right password."""
    page = client.follow(client.submit("/login", email=owner.email, password=owner.password, remember=remember))
    assert page.path.startswith("/login/second-factor")
    return page


def actions(reading: Transaction) -> list[str]:
    """Every audited action, oldest first."""
    with reading():
        return list(db.session.execute(select(AuditEvent.action).order_by(AuditEvent.seq)).scalars())


def count(reading: Transaction, table: type) -> int:
    """How many rows a table has."""
    with reading():
        return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def make_codes(client: InvariantClient) -> list[str]:
    """Press the button; returns the ten codes."""
    return client.submit("/account/second-factor/recovery-codes").texts(".codes code")
