"""The seals of finished months: what lets the chain go on when retention drops a month as a whole.

Whoever can mark a month as dropped can delete its events, so that every seal is signed with the audit key, and one that
is not is no ground for deleting anything nor for beginning the chain later (SECURITY 65).
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Dialect, String, TypeDecorator, insert, select, type_coerce, update

from portal.models.audit import AuditSegment
from portal.models.base import db
from portal.models.database import connection
from portal.rules.context import Context
from portal.rules.register import Retention
from portal.rules.retention import kept_since
from portal.services.auditing.audit_macs import key_id, seal_mac
from portal.services.foundation.keys import keys

Problem = Literal["unknown_key", "seal_forged"]
log = logging.getLogger(__name__)


class Moment(TypeDecorator[datetime]):
    """A stored moment, or None where something else stands: reading a log that was tampered with must not fail."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        try:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        except (TypeError, ValueError):
            return None


def add(segment: str, last_seq: int, head_mac: bytes, now: datetime) -> None:
    """Seal a finished month. A seal that is there stays: after a cut at its end, to refuse would stop the portal, and
    the verification judges the seal anyway."""
    if db.session.execute(select(AuditSegment.segment).where(AuditSegment.segment == segment)).first() is not None:
        return
    seal = {"segment": segment, "last_seq": last_seq, "head_mac": head_mac, "sealed_at": now, "dropped_at": None}
    db.session.execute(insert(AuditSegment).values(_signed(seal)))


def stored() -> list[dict[str, Any]]:
    """Every seal, the earliest first, whether it holds or not."""
    table = AuditSegment.__table__
    moments = [type_coerce(table.c[name], Moment()).label(name) for name in ("sealed_at", "dropped_at")]
    others = [column for column in table.c if column.name not in ("sealed_at", "dropped_at")]
    found = connection().execute(select(*others, *moments).order_by(table.c.last_seq)).mappings()
    return [dict(row) for row in found]


def problem(seal: Mapping[str, Any], now: datetime) -> Problem | None:
    """What is wrong with a seal: nobody with the key made it, or its month was not over, or too young to be dropped."""
    key = next((key for key in keys().audit if key_id(key) == seal["key_id"]), None)
    if key is None:
        return "unknown_key"
    end = f"{now:%Y-%m}" if seal["dropped_at"] is None else first_kept_month(now)
    try:
        holds = hmac.compare_digest(seal_mac(key, seal), seal["mac"]) and seal["segment"] < end
    except (TypeError, ValueError, AttributeError):
        # Something stands there that the portal could not have written.
        holds = False
    return None if holds else "seal_forged"


def mark_dropped(context: Context) -> list[dict[str, Any]]:
    """Mark the months that are older than the log's retention as dropped. Returns the seals of those newly marked.

    A seal that does not hold is left to the verification, which names it.
    """
    old = [seal for seal in stored() if seal["segment"] < first_kept_month(context.now)]
    good = [seal for seal in old if problem(seal, context.now) is None]
    if len(good) < len(old):
        log.error("audit seals do not hold", extra={"count": len(old) - len(good)})
    fresh = [seal for seal in good if seal["dropped_at"] is None]
    # The earlier ones are signed anew along with them, so that a key can be retired with the last month it signed.
    for seal in good if fresh else []:
        values = _signed({**seal, "dropped_at": seal["dropped_at"] or context.now})
        db.session.execute(update(AuditSegment).where(AuditSegment.segment == seal["segment"]).values(values))
    return fresh


def first_kept_month(now: datetime) -> str:
    """The oldest month of the log that its retention still keeps, as YYYY-MM."""
    return f"{kept_since(Retention.AUDIT_LOG, now):%Y-%m}"


def _signed(seal: Mapping[str, Any]) -> dict[str, Any]:
    key = keys().audit[0]
    named = {**seal, "key_id": key_id(key)}
    return {**named, "mac": seal_mac(key, named)}
