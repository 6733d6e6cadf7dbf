"""The audit log: a declared catalogue of events, appended last in the transaction to a keyed hash chain.

Events hold opaque ids, codes and field names, never values, names or addresses (decision 9).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import g
from sqlalchemy import delete, func, insert, select, text

from portal.models.audit import AuditEvent, AuditSegment
from portal.models.base import db
from portal.models.database import affected
from portal.rules.clock import DRIFT
from portal.rules.context import Context
from portal.services.auditing import audit_seals
from portal.services.auditing.audit_events import EVENTS
from portal.services.auditing.audit_head import Head
from portal.services.auditing.audit_macs import key_id, row_mac
from portal.services.foundation.keys import keys

GENESIS = bytes(32)
ADVISORY_LOCK = 0x706F7274616C


@dataclass(frozen=True)
class Pending:
    """An event that waits for the end of its transaction; `context` tells who did it, and when."""

    context: Context
    action: str
    customer_id: int | None
    staff_id: int | None
    details: dict[str, Any]


def record(
    context: Context,
    action: str,
    *,
    customer_id: int | None = None,
    staff_id: int | None = None,
    **details: Any,
) -> None:
    """Note an event of the catalogue; it is written with the transaction. Raises `ValueError` when `action` or the
    keys of `details` are not the declared ones."""
    _pending("portal_audit").append(_checked(context, action, customer_id, staff_id, details))


def deny(
    context: Context,
    action: str,
    *,
    customer_id: int | None = None,
    staff_id: int | None = None,
    **details: Any,
) -> None:
    """Note a refusal. It is written with the transaction, or on its own when that is rolled back."""
    _pending("portal_denials").append(_checked(context, action, customer_id, staff_id, details))


def append_pending(context: Context) -> Head | None:
    """Append everything noted in this transaction. Returns the new head, or None when there was nothing."""
    pending = [*_take("portal_audit"), *_take("portal_denials")]
    return append(context, pending) if pending else None


def take_denials() -> list[Pending]:
    """The noted refusals, after a rollback; what else was noted is forgotten with the transaction."""
    _take("portal_audit")
    return _take("portal_denials")


def append(context: Context, events: Iterable[Pending]) -> Head | None:
    """Append events to the chain, the earliest first, under the lock that keeps it unforked (SECURITY R22)."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    head, key = _current_head(), keys().audit[0]
    rows = []
    for event in sorted(events, key=lambda event: event.context.now):
        row = _row(event, head)
        row["mac"] = row_mac(key, row)
        if head is not None and head.segment != row["segment"]:
            audit_seals.add(head.segment, head.seq, head.mac, context.now)
        head = Head(row["seq"], row["mac"], row["segment"])
        rows.append(row)
    if rows:
        db.session.execute(insert(AuditEvent), rows)
    return head


def count(context: Context, action: str, customer_id: int, within: timedelta) -> int:
    """How many such events about a customer were written within this time. What is dated ahead, from before the clock
    was set back, counts no more (SECURITY R20)."""
    lately = AuditEvent.occurred_at.between(context.now - within, context.now + DRIFT)
    about = (AuditEvent.customer_id == customer_id, AuditEvent.action == action, lately)
    return db.session.execute(select(func.count()).select_from(AuditEvent).where(*about)).scalar_one()


def drop_old_segments(context: Context) -> int:
    """Delete the events of sealed months that are older than the log's retention, and tell of it in the log itself.

    Their seals stay, so that the chain goes on. Returns how many events went. The triggers let a month go only once it
    is marked as dropped, and the verification accepts only marks that are signed.
    """
    dropped = audit_seals.mark_dropped(context)
    for seal in dropped:
        record(context, "audit.month_dropped", month=seal["segment"], seq=seal["last_seq"])
    segments = [seal["segment"] for seal in dropped]
    return affected(delete(AuditEvent).where(AuditEvent.segment.in_(segments))) if segments else 0


def _checked(
    context: Context, action: str, customer_id: int | None, staff_id: int | None, details: dict[str, Any]
) -> Pending:
    if action not in EVENTS:
        raise ValueError(f"{action!r} is not in the catalogue of audit events: declare it in audit_events.py.")
    if set(details) != EVENTS[action]:
        raise ValueError(f"{action} takes exactly {sorted(EVENTS[action])}, not {sorted(details)}.")
    if staff_id is None and context.actor.kind == "staff":
        staff_id = context.actor.id
    return Pending(context, action, customer_id, staff_id, details)


def _row(event: Pending, head: Head | None) -> dict[str, Any]:
    context = event.context
    return {
        "seq": head.seq + 1 if head else 1,
        "segment": f"{context.now:%Y-%m}" if head is None else max(head.segment, f"{context.now:%Y-%m}"),
        "occurred_at": context.now,
        "action": event.action,
        "actor_kind": context.actor.kind,
        "actor_id": context.actor.id,
        "customer_id": event.customer_id,
        "staff_id": event.staff_id,
        "details": event.details,
        "request_id": context.request_id,
        "key_id": key_id(keys().audit[0]),
        "previous_mac": head.mac if head else GENESIS,
    }


def _current_head() -> Head | None:
    last = db.session.execute(
        select(AuditEvent.seq, AuditEvent.mac, AuditEvent.segment).order_by(AuditEvent.seq.desc()).limit(1)
    ).first()
    if last is not None:
        return Head(*last)
    sealed = db.session.execute(
        select(AuditSegment.last_seq, AuditSegment.head_mac, AuditSegment.segment)
        .order_by(AuditSegment.last_seq.desc())
        .limit(1)
    ).first()
    return Head(*sealed) if sealed else None


def _pending(name: str) -> list[Pending]:
    found: list[Pending] = g.setdefault(name, [])
    return found


def _take(name: str) -> list[Pending]:
    found: list[Pending] = g.pop(name, [])
    return found
