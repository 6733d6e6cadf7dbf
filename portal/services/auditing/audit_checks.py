"""Verifying the whole log when an employee asks: a job follows the chain in steps, and the row tells how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.mail.outbox import wake
from portal.models.audit import AuditCheck
from portal.models.base import db
from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules.context import Context
from portal.services.auditing import audit
from portal.services.auditing.audit_verify import Verdict, Walk, go_on

# Events of one step: seconds of work, after which mail that waits goes first.
STEP = 20_000
# Longer than a step can take: a worker that dies leaves it to the next one.
CLAIM = timedelta(minutes=5)


@dataclass(frozen=True)
class Claimed:
    """A step that one worker has: the check's row, and where the walk stands."""

    id: int
    walk: Walk


def latest(context: Context) -> Row[Any] | None:
    """The newest check with the name of who asked for it; None before the first."""
    columns = (*AuditCheck.__table__.columns, Staff.name.label("staff_name"))
    statement = select(*columns).join_from(AuditCheck, Staff, AuditCheck.staff_id == Staff.id)
    return connection().execute(statement.order_by(AuditCheck.id.desc()).limit(1)).first()


def ask(context: Context) -> None:
    """Ask for a check of the whole log. One that runs already is the one that was asked for."""
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    start = Walk()
    values = {"staff_id": context.actor.id, "requested_at": context.now, "running": True}
    reached = {"reached_seq": start.seq, "reached_mac": start.mac, "rows": start.rows}
    statement = insert(AuditCheck).values(**values, **reached).on_conflict_do_nothing(index_elements=["running"])
    begun = db.session.execute(statement.returning(AuditCheck.id)).scalar_one_or_none()
    if begun is None:
        return
    # What earlier ones found stands in the log.
    db.session.execute(delete(AuditCheck).where(AuditCheck.id != begun))
    audit.record(context, "audit.check_asked")
    wake()


def is_due(context: Context) -> bool:
    """Whether there is a step to take: a look without the lock that a claim takes."""
    free = select(AuditCheck.id).where(AuditCheck.running.is_(True), _free(context))
    return connection().execute(free).first() is not None


def claim(context: Context) -> Claimed | None:
    """Take the next step of the check that runs, or None when none does or another worker has it."""
    row = db.session.execute(
        update(AuditCheck)
        .where(AuditCheck.running.is_(True), _free(context))
        .values(claimed_until=context.now + CLAIM)
        .returning(AuditCheck.id, AuditCheck.reached_seq, AuditCheck.reached_mac, AuditCheck.rows)
    ).first()
    return Claimed(row.id, Walk(row.reached_seq, row.reached_mac, row.rows)) if row else None


def step(context: Context, claimed: Claimed) -> Verdict | None:
    """Follow the chain a part of the way; outside any transaction. Returns None when it goes on."""
    return go_on(context, claimed.walk, STEP)


def note(context: Context, claimed: Claimed, verdict: Verdict | None) -> None:
    """Write down how far it came, or how it ended."""
    walk = claimed.walk
    own = update(AuditCheck).where(AuditCheck.id == claimed.id, AuditCheck.running.is_(True))
    if verdict is None:
        reached = {"reached_seq": walk.seq, "reached_mac": walk.mac, "rows": walk.rows}
        db.session.execute(own.values(**reached, claimed_until=None))
        wake()
        return
    ended = {"rows": verdict.rows, "bad_seq": verdict.bad_seq, "reason": verdict.reason}
    db.session.execute(own.values(**ended, running=None, claimed_until=None, finished_at=context.now))
    if verdict.reason is None:
        audit.record(context, "audit.verified", rows=verdict.rows)
    else:
        audit.record(context, "audit.broken", rows=verdict.rows, seq=verdict.bad_seq, reason=verdict.reason)


def _free(context: Context) -> ColumnElement[bool]:
    return AuditCheck.claimed_until.is_(None) | (AuditCheck.claimed_until <= context.now)
