"""Messages to send and what became of them, for tests of the outbox."""

from typing import Any

from sqlalchemy import Row, select

from portal.mail import outbox as writing
from portal.models.database import connection
from portal.models.message import Message
from tests.support.fixtures import Transaction


def write(transaction: Transaction, count: int = 1, **details: Any) -> None:
    """Write messages that need no other row: the notice of a changed password."""
    values = {"kind": "password_changed", "recipient": "aino@example.com", "language": "fi", **details}
    with transaction() as context:
        for _ in range(count):
            writing.queue(context, **values)


def rows(reading: Transaction) -> list[Row[Any]]:
    """Every message, oldest first."""
    with reading():
        found = connection().execute(select(Message).with_only_columns(*Message.__table__.c).order_by(Message.id))
        return list(found.all())


def only(reading: Transaction) -> Row[Any]:
    """The one message there is."""
    (row,) = rows(reading)
    return row
