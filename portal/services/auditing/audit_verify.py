"""Verifying the audit chain: the first row that was edited, deleted, swapped or cut off is named (SECURITY 65).

The chain is walked in pages, so that verifying needs little memory and never holds a lock for long. A walk can be left
and gone on with, which is how a long log is verified by a job in steps.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import RowMapping, Text, select, type_coerce

from portal.models.audit import AuditEvent
from portal.models.base import canonical_json
from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules.context import Context
from portal.services.auditing import audit, audit_head, audit_seals
from portal.services.auditing.audit_macs import key_id, row_mac
from portal.services.auditing.audit_seals import Moment
from portal.services.foundation.keys import keys

PAGE = 1000
ALL_AT_ONCE = 2**62
Reason = Literal[
    "edited",
    "missing",
    "moved",
    "planted",
    "unknown_key",
    "unsealed",
    "seal_forged",
    "cut",
    "head_missing",
    "head_differs",
]


@dataclass(frozen=True)
class Verdict:
    """How many events were read, and the first bad one: its position in the chain and what is wrong with it."""

    rows: int
    bad_seq: int | None = None
    reason: Reason | None = None

    @property
    def ok(self) -> bool:
        return self.reason is None


@dataclass
class Walk:
    """How far the chain has been followed without fault."""

    seq: int = 0
    mac: bytes = audit.GENESIS
    rows: int = 0


def verify(context: Context) -> Verdict:
    """Follow the chain from its beginning, or from the last month that retention dropped, to its end."""
    walk, verdict = Walk(), None
    while verdict is None:
        verdict = go_on(context, walk, ALL_AT_ONCE)
    return verdict


def go_on(context: Context, walk: Walk, most: int) -> Verdict | None:
    """Follow the chain for at most so many events. Returns None when it goes on, and else how it ends."""
    # The head is read first: events that are appended meanwhile only make the chain longer than it says.
    head = audit_head.read_head()
    known = {key_id(key): key for key in keys().audit}
    seals = audit_seals.stored()
    for seal in seals:
        # A seal that does not hold is named before any event, because the seals say where the log begins.
        if (forged := audit_seals.problem(seal, context.now)) is not None:
            return Verdict(walk.rows, seal["last_seq"], forged)
    sealed = {seal["last_seq"]: seal["head_mac"] for seal in seals}
    base = max((seal["last_seq"] for seal in seals if seal["dropped_at"] is not None), default=0)
    if (planted := _lowest()) is not None and planted <= base:
        # The walk begins above: nobody would come past it, and the lists of the log show it all the same.
        return Verdict(walk.rows, planted, "planted")
    _pass_over_dropped(walk, seals)
    last = walk.rows + most
    for row in _events(walk.seq):
        if walk.rows == last:
            return None
        reason = _problem(row, walk, known, sealed)
        if reason is not None:
            bad = walk.seq + 1 if reason == "missing" else row["seq"]
            return Verdict(walk.rows, bad, reason)
        walk.seq, walk.mac, walk.rows = row["seq"], row["mac"], walk.rows + 1
    return _end(context, walk, head)


def _lowest() -> int | None:
    """The lowest position that there is."""
    return connection().execute(select(AuditEvent.seq).order_by(AuditEvent.seq).limit(1)).scalar()


def _pass_over_dropped(walk: Walk, seals: list[dict[str, Any]]) -> None:
    """The log begins after the months that retention dropped; one may have gone since the walk was left."""
    for seal in seals:
        if seal["dropped_at"] is not None and seal["last_seq"] > walk.seq:
            walk.seq, walk.mac = seal["last_seq"], seal["head_mac"]


def _problem(row: RowMapping, walk: Walk, known: dict[str, bytes], sealed: dict[int, bytes]) -> Reason | None:
    if row["seq"] != walk.seq + 1:
        return "missing"
    key = known.get(row["key_id"])
    if key is None:
        return "unknown_key"
    if not _signed(row, key):
        return "edited"
    if row["previous_mac"] != walk.mac:
        return "moved"
    if sealed.get(row["seq"], row["mac"]) != row["mac"]:
        return "unsealed"
    return None


def _signed(row: RowMapping, key: bytes) -> bool:
    """Whether the row's mac covers what the row says now."""
    try:
        details = json.loads(row["details"])
        if canonical_json(details) != row["details"]:
            return False
        return hmac.compare_digest(row_mac(key, {**row, "details": details}), row["mac"])
    except (TypeError, ValueError, AttributeError):
        # Something stands there that the portal could not have written.
        return False


def _end(context: Context, walk: Walk, head: tuple[int, bytes] | None) -> Verdict:
    if head is None:
        return Verdict(walk.rows, walk.seq, "head_missing") if walk.rows or _somebody_works_here() else Verdict(0)
    if walk.seq < head[0]:
        return Verdict(walk.rows, walk.seq + 1, "cut")
    mac = walk.mac if walk.seq == head[0] else audit_head.mac_at(context, head[0])
    if mac != head[1]:
        return Verdict(walk.rows, head[0], "head_differs")
    return Verdict(walk.rows)


def _somebody_works_here() -> bool:
    """Whether there is an employee, whom no account was ever made for without an event."""
    return connection().execute(select(Staff.id).limit(1)).first() is not None


def _events(after: int) -> Iterator[RowMapping]:
    """Every event after a position, in order. Details come as the text that is stored."""
    table = AuditEvent.__table__
    # Both are read without the conversions of their types, which would stumble over what somebody else put there.
    raw: dict[str, Any] = {"details": Text(), "occurred_at": Moment()}
    columns: list[Any] = [
        type_coerce(column, raw[column.name]).label(column.name) if column.name in raw else column for column in table.c
    ]
    statement = select(*columns).order_by(table.c.seq).limit(PAGE)
    while True:
        page = connection().execute(statement.where(table.c.seq > after)).mappings().all()
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1]["seq"]
