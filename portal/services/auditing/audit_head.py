"""The newest head of the audit chain, kept in a file beside the database, so that a cut tail shows (SECURITY 65)."""

from __future__ import annotations

import fcntl
import json
import logging
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.database import connection
from portal.rules.context import Context
from portal.services.auditing import audit_seals

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Head:
    """The last event of the chain."""

    seq: int
    mac: bytes
    segment: str


def head_path() -> Path:
    """Where the head of the chain is kept outside the database."""
    return Path(current_app.config["PORTAL_DATA_DIR"]) / "audit-head.json"


def publish_head(context: Context, head: Head) -> None:
    """Write the head beside the database unless a later one is there already, or one that the chain has lost.

    That one stays as the evidence of what was cut, however far the chain grows afterwards.
    """
    path = head_path()
    with path.with_name("audit-head.lock").open("w", encoding="utf-8") as lock:
        # Between the comparison and the rename no other worker may put a later head in place.
        fcntl.flock(lock, fcntl.LOCK_EX)
        stored = read_head()
        if stored is not None and stored[0] >= head.seq:
            return
        if stored is not None and mac_at(context, stored[0]) != stored[1]:
            log.error("the audit log lost the head that was kept of it")
            return
        partial = path.with_name("audit-head.partial")
        partial.write_text(json.dumps({"seq": head.seq, "mac": head.mac.hex()}), encoding="utf-8")
        partial.replace(path)


def read_head() -> tuple[int, bytes] | None:
    """The head kept outside the database, as (seq, mac); None before the first event."""
    try:
        stored = json.loads(head_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return stored["seq"], bytes.fromhex(stored["mac"])


def is_lost(context: Context) -> bool:
    """Whether the chain has lost the head that is kept outside the database, or the file says nothing readable."""
    try:
        stored = read_head()
    except (OSError, ValueError, KeyError, TypeError):
        return True
    # The file is read first: what it knows was committed before it was written.
    return stored is not None and mac_at(context, stored[0]) != stored[1]


def mac_at(context: Context, seq: int) -> bytes | None:
    """The mac of a position of the chain: of its event, or of the sealed month that ended there."""
    found: bytes | None = connection().execute(select(AuditEvent.mac).where(AuditEvent.seq == seq)).scalar()
    if found is not None:
        return found
    ended = (seal for seal in audit_seals.stored() if seal["last_seq"] == seq)
    return next((seal["head_mac"] for seal in ended if audit_seals.problem(seal, context.now) is None), None)
