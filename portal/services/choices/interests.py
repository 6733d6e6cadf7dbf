"""Interests that a customer tells: each with its source and time, changed and deleted by the customer alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.personalisation import Interest
from portal.rules.context import Context
from portal.rules.errors import Stale
from portal.rules.interests import check_interests
from portal.services.auditing import audit
from portal.services.choices import personalisation

# Forms carry versions of at most nine digits.
_VERSIONS = 10**9
_TOLD = (
    select(Interest.id, Interest.topic, Interest.words, Interest.source, Interest.told_at)
    .where(Interest.customer_id == bindparam("customer"))
    .order_by(Interest.id)
)


def read(context: Context, customer_id: int) -> Sequence[Any]:
    """The customer's interests, in the order in which they were told."""
    return connection().execute(_TOLD, {"customer": customer_id}).all()


def version_of(rows: Sequence[Any]) -> int:
    """What a form carries, so that it is noticed when another page has changed the interests meanwhile."""
    return zlib.crc32(",".join(str(row.id) for row in rows).encode()) % _VERSIONS


def save(context: Context, customer_id: int, version: int, topics: Iterable[str], words: str) -> bool:
    """Make these the customer's interests. What stays keeps its source and time. Says whether anything changed.

    Raises `RuleBroken`, and `Stale` when the interests were changed since the form was filled.
    """
    chosen, own = check_interests(topics, words)
    db.session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())
    rows = read(context, customer_id)
    if version != version_of(rows):
        raise Stale(version_of(rows))
    wanted = [*((topic, None) for topic in chosen), *((None, line) for line in own)]
    known = {(row.topic, row.words): row.id for row in rows}
    added = [told for told in wanted if told not in known]
    removed = [row_id for told, row_id in known.items() if told not in set(wanted)]
    if not added and not removed:
        return False
    db.session.execute(delete(Interest).where(Interest.id.in_(removed)))
    if added:
        db.session.execute(insert(Interest), [_row(context, customer_id, *told) for told in added])
    audit.record(context, "interests.changed", customer_id=customer_id, added=len(added), removed=len(removed))
    personalisation.refresh(context, customer_id)
    return True


def forget(context: Context, customer_id: int) -> None:
    """Take away every interest, and with it what was derived: the account is gone that they were for."""
    db.session.execute(delete(Interest).where(Interest.customer_id == customer_id))
    personalisation.refresh(context, customer_id)


def _row(context: Context, customer_id: int, topic: str | None, words: str | None) -> dict[str, Any]:
    how = {"source": context.source.value, "told_at": context.now}
    return {"customer_id": customer_id, "topic": topic, "words": words, **how}
