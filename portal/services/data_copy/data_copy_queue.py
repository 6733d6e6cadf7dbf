"""The queue of data copies: rows are claimed, built outside any transaction, and finished (SECURITY R6, R12, R16).

A worker that dies leaves a claim that runs out, and the next one begins anew. Whoever is first to finish a copy has
made it: one file, one mail.
"""

from __future__ import annotations

import errno
import logging
from datetime import timedelta
from sqlite3 import SQLITE_FULL
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from portal.mail import data_copies as mail
from portal.mail.recipients import Recipient
from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.data_copy import DataCopy
from portal.models.database import affected, connection
from portal.models.stored_file import StoredFile
from portal.rules.context import Context
from portal.rules.register import Retention
from portal.rules.retention import kept_since
from portal.services.auditing import audit
from portal.services.foundation import stored_files
from portal.services.foundation.stored_files import Written

log = logging.getLogger(__name__)
KIND = "data_copy"
MEDIA_TYPE = "application/zip"
LIFE = timedelta(days=14)
# Rows that one purge takes at most.
BATCH = 100
# Minutes to wait after the first, second … failed attempt.
BACK_OFF = (1, 5, 30, 120)
MOST_ATTEMPTS = len(BACK_OFF) + 1
# Longer than building takes for a million orders. One that takes longer still is finished all the same.
CLAIM = timedelta(minutes=10)
# A full disk as the three who write tell it: the system, SQLite and PostgreSQL.
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
POSTGRES_DISK_FULL = "53100"

# The row of a copy that one worker alone builds until its claim runs out.
Claimed = Row[Any]


def is_due(context: Context) -> bool:
    """Whether there is anything to claim: a look without the lock that a claim takes."""
    return connection().execute(select(DataCopy.id).where(_due(context)).limit(1)).first() is not None


def claim(context: Context) -> Claimed | None:
    """Take the copy that has been due longest, or None. The claim itself counts as an attempt, so that a copy that
    kills its worker is given up one day as well."""
    oldest = select(DataCopy.id).where(_due(context)).order_by(DataCopy.next_attempt_at, DataCopy.id).limit(1)
    # SQLite ignores the lock: there the transaction has been the only writer since it began.
    copy_id = db.session.execute(oldest.with_for_update(skip_locked=True)).scalar_one_or_none()
    if copy_id is None:
        return None
    return db.session.execute(
        update(DataCopy)
        .where(DataCopy.id == copy_id)
        .values(state="building", attempts=DataCopy.attempts + 1, claimed_until=context.now + CLAIM)
        .returning(*DataCopy.__table__.columns)
    ).one()


def finish(context: Context, claimed: Claimed, written: Written, name: str) -> bool:
    """Make the whole file the copy, and tell the customer. False when another worker was first: the file is then not
    wanted, and the caller removes it."""
    row = db.session.execute(select(DataCopy.state).where(DataCopy.id == claimed.id).with_for_update()).one()
    if row.state != "building":
        return False
    expires_at = context.now + LIFE
    file_id = stored_files.keep(
        context,
        written,
        customer_id=claimed.customer_id,
        kind=KIND,
        name=name,
        media_type=MEDIA_TYPE,
        expires_at=expires_at,
    )
    db.session.execute(
        update(DataCopy)
        .where(DataCopy.id == claimed.id)
        .values(
            state="ready",
            file_id=file_id,
            ready_at=context.now,
            expires_at=expires_at,
            claimed_until=None,
            next_attempt_at=None,
            last_error=None,
        )
    )
    audit.record(context, "copy.made", customer_id=claimed.customer_id, attempts=claimed.attempts)
    # The copy that answers a request is told of with the answer.
    if claimed.request_id is None:
        _tell(context, claimed)
    log.info("data copy made", extra=_fields(claimed))
    return True


def fail(context: Context, claimed: Claimed, code: str) -> None:
    """Write down a failed attempt: it is tried again, or given up after the last."""
    own = update(DataCopy).where(
        DataCopy.id == claimed.id, DataCopy.state == "building", DataCopy.attempts == claimed.attempts
    )
    if claimed.attempts >= MOST_ATTEMPTS:
        given_up = affected(own.values(state="failed", claimed_until=None, next_attempt_at=None, last_error=code))
        if given_up:
            audit.record(context, "copy.failed", customer_id=claimed.customer_id, reason=code)
            log.error("data copy given up", extra={**_fields(claimed), "error": code})
        return
    again = context.now + timedelta(minutes=BACK_OFF[claimed.attempts - 1])
    db.session.execute(own.values(state="waiting", claimed_until=None, next_attempt_at=again, last_error=code))
    log.warning("data copy not made", extra={**_fields(claimed), "error": code})


def failure_code(error: Exception) -> str:
    """What went wrong, as a code without personal data: a full disk is told apart, because people can mend it."""
    said = getattr(error, "orig", None)
    if isinstance(error, OSError):
        return "disk_full" if error.errno in NO_SPACE else "not_written"
    if getattr(said, "sqlstate", None) == POSTGRES_DISK_FULL or getattr(said, "sqlite_errorcode", None) == SQLITE_FULL:
        return "disk_full"
    return "not_made"


def give_up(context: Context) -> int:
    """Mark copies as failed whose last attempt ended in a crash. Returns how many."""
    abandoned = (
        DataCopy.state == "building",
        DataCopy.claimed_until <= context.now,
        DataCopy.attempts >= MOST_ATTEMPTS,
    )
    failed = db.session.execute(
        update(DataCopy)
        .where(*abandoned)
        .values(state="failed", claimed_until=None, next_attempt_at=None, last_error="abandoned")
        .returning(DataCopy.customer_id)
    ).scalars()
    customers = failed.all()
    for customer_id in customers:
        audit.record(context, "copy.failed", customer_id=customer_id, reason="abandoned")
    return len(customers)


def try_again(context: Context) -> int:
    """Put every failed copy back in line, as the operator asked. Returns how many."""
    failed = update(DataCopy).where(DataCopy.state == "failed")
    return affected(failed.values(state="waiting", attempts=0, next_attempt_at=context.now))


def counts(context: Context) -> dict[str, int]:
    """How many copies there are in each state."""
    rows = connection().execute(select(DataCopy.state, func.count()).group_by(DataCopy.state)).all()
    return {row[0]: row[1] for row in rows}


def expire(context: Context) -> int:
    """End the copies whose time is over; `stored_files.sweep` takes their bytes away. Returns how many."""
    over = (DataCopy.state == "ready", DataCopy.expires_at <= context.now)
    files = db.session.execute(select(DataCopy.file_id).where(*over).with_for_update()).scalars().all()
    if not files:
        return 0
    gone = affected(update(DataCopy).where(*over, DataCopy.file_id.in_(files)).values(state="expired", file_id=None))
    stored_files.delete_rows(context, StoredFile.id.in_(files))
    return gone


def purge(context: Context) -> int:
    """Delete the rows of copies by self-service when their declared retention has ended: it is counted from the end of
    their time, or where none was made from the asking. Those of a request go with it. Returns how many of a batch."""
    ended = func.coalesce(DataCopy.expires_at, DataCopy.created_at)
    old = select(DataCopy.id).where(
        DataCopy.request_id.is_(None),
        DataCopy.state.in_(("expired", "failed")),
        ended < kept_since(Retention.LEGAL_CLAIMS, context.now),
    )
    return affected(delete(DataCopy).where(DataCopy.id.in_(old.order_by(DataCopy.id).limit(BATCH))))


def _due(context: Context) -> Any:
    waiting = (DataCopy.state == "waiting") & (DataCopy.next_attempt_at <= context.now)
    abandoned = (
        (DataCopy.state == "building") & (DataCopy.claimed_until <= context.now) & (DataCopy.attempts < MOST_ATTEMPTS)
    )
    return waiting | abandoned


def _tell(context: Context, claimed: Claimed) -> None:
    owner = db.session.execute(
        select(Account.email, Customer.language)
        .join(Customer, Account.customer_id == Customer.id)
        .where(Account.customer_id == claimed.customer_id)
    ).first()
    if owner is not None:
        mail.copy_ready(context, Recipient(claimed.customer_id, owner.email, claimed.language), claimed.id)


def _fields(claimed: Claimed) -> dict[str, object]:
    return {"copy": str(claimed.uuid), "attempts": claimed.attempts}
