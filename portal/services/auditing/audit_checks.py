"""Verifying the whole log, once a day and when an employee asks: a job follows the chain in steps, and the row tells
how it stands. Whoever may read the log is told by mail when it is broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update

from portal.mail import audit_log as mail
from portal.mail.outbox import wake
from portal.mail.recipients import Employee
from portal.models.audit import AuditCheck
from portal.models.base import db
from portal.models.database import connection, insert_on_conflict
from portal.models.staff import Staff, at_work
from portal.rules.clock import helsinki_date, helsinki_midnight
from portal.rules.context import Context
from portal.rules.staff_roles import GRANTED, Permission
from portal.rules.texts import DEFAULT_LOCALE
from portal.services.auditing import audit, audit_head
from portal.services.auditing.audit_verify import Verdict, Walk, go_on

# Events of one step: seconds of work, after which mail that waits goes first.
STEP = 20_000
# Longer than a step can take: a worker that dies leaves it to the next one.
CLAIM = timedelta(minutes=5)
READERS = tuple(role.value for role, granted in GRANTED.items() if Permission.READ_AUDIT in granted)


@dataclass(frozen=True)
class Claimed:
    """A step that one worker has: the check's row, and where the walk stands."""

    id: int
    walk: Walk


def latest(context: Context) -> Row[Any] | None:
    """The newest check with the name of who asked for it, None for the daily one; None before the first."""
    columns = (*AuditCheck.__table__.columns, Staff.name.label("staff_name"))
    statement = select(*columns).outerjoin_from(AuditCheck, Staff, AuditCheck.staff_id == Staff.id)
    return connection().execute(statement.order_by(AuditCheck.id.desc()).limit(1)).first()


def ended(context: Context) -> Row[*tuple[Any, ...]] | None:
    """The newest check that came to its end, which may be an earlier one than the newest; None before the first."""
    statement = select(AuditCheck.finished_at, AuditCheck.reason).where(AuditCheck.finished_at.is_not(None))
    return connection().execute(statement.order_by(AuditCheck.id.desc()).limit(1)).first()


def is_broken(context: Context) -> bool:
    """Whether the newest check that ended found a bad event, or the chain has lost the head that is kept outside."""
    last = ended(context)
    return (last is not None and last.reason is not None) or audit_head.is_lost(context)


def ask(context: Context) -> None:
    """Ask for a check of the whole log. One that runs already is the one that was asked for."""
    if _begin(context, context.actor.id):
        audit.record(context, "audit.check_asked")


def begin_daily(context: Context) -> bool:
    """Begin the check of this day in Finland, unless one was begun since midnight, by whomever."""
    midnight = helsinki_midnight(helsinki_date(context.now))
    today = select(AuditCheck.id).where(AuditCheck.requested_at >= midnight).limit(1)
    return connection().execute(today).first() is None and _begin(context, None)


def _begin(context: Context, staff_id: int | None) -> bool:
    """Whether a check begins: one runs at a time."""
    start = Walk()
    values = {"staff_id": staff_id, "requested_at": context.now, "running": True}
    reached = {"reached_seq": start.seq, "reached_mac": start.mac, "rows": start.rows}
    inserted = insert_on_conflict(AuditCheck).values(**values, **reached)
    once = inserted.on_conflict_do_nothing(index_elements=["running"]).returning(AuditCheck.id)
    begun = db.session.execute(once).scalar_one_or_none()
    if begun is not None:
        wake()
    return begun is not None


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
    # What earlier ones found stands in the log; until this one ended it also stood on the start page.
    db.session.execute(delete(AuditCheck).where(AuditCheck.id < claimed.id))
    if verdict.reason is None:
        audit.record(context, "audit.verified", rows=verdict.rows)
    else:
        audit.record(context, "audit.broken", rows=verdict.rows, seq=verdict.bad_seq, reason=verdict.reason)
        _warn(context, claimed.id)


def _warn(context: Context, check_id: int) -> None:
    """Write to everybody who may read the log: who could have tampered with it may be one of them, and not all."""
    members = select(Staff.id, Staff.email, Staff.language).where(Staff.role.in_(READERS), at_work(context.now))
    for row in db.session.execute(members.order_by(Staff.id)).all():
        mail.broken(context, Employee(row.id, row.email, row.language or DEFAULT_LOCALE), check_id)


def _free(context: Context) -> ColumnElement[bool]:
    return AuditCheck.claimed_until.is_(None) | (AuditCheck.claimed_until <= context.now)
