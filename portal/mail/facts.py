"""What every kind of message is made of: the row that waits, what its templates are given, and what may be gone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from portal.models.database import connection

Facts = dict[str, Any]
# A row of `message`, of which `params`, `recipient` and `customer_id` are read.
Waiting = Row[Any]


class Obsolete(LookupError):
    """What the message speaks of is gone or settled: it is not sent any more."""


def found(statement: Any) -> Row[Any]:
    """The one row of a statement. Raises `Obsolete` when it is gone."""
    row: Row[Any] | None = connection().execute(statement).first()
    if row is None:
        raise Obsolete
    return row
