"""The one business transaction: begin, append the audit rows, commit or roll back.

Only `web/transaction.py`, `jobs/transaction.py` and `cli/transaction.py` may call it; services never commit.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, g
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from portal.models.base import db
from portal.models.database import begin_write, end_write
from portal.rules.context import Context
from portal.rules.errors import Busy
from portal.services.auditing import audit, audit_head
from portal.services.auditing.audit_head import Head

log = logging.getLogger(__name__)


LOCKED_RETRY_SECONDS = 15


@contextmanager
def unit_of_work(context: Context) -> Iterator[Context]:
    """Run the block in one transaction. An exception rolls everything back but the denials it recorded.

    After the commit the job worker is woken when there is something for it to carry out.
    """
    _begin()
    try:
        yield context
        db.session.flush()
        head = audit.append_pending(context)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        g.pop("portal_wake", None)
        denials = audit.take_denials()
        end_write()
        if denials:
            _write_denials(context, denials)
        raise
    end_write()
    _publish(context, head)
    if g.pop("portal_wake", False):
        current_app.extensions["portal.wake_jobs"]()


@contextmanager
def hurried_unit_of_work(context: Context) -> Iterator[Context]:
    """Run the block in a transaction that waits for nobody, for what may be lost: it raises `Busy` when another holds
    SQLite's one write lock. It takes no audit events."""
    _begin(hurried=True)
    try:
        yield context
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        end_write()


def _publish(context: Context, head: Head | None) -> None:
    """Write the head beside the database. What is committed stays done: a full disk must not make it look failed. The
    next event writes its own head, and until then a cut tail would show from the last one on."""
    if head is None:
        return
    try:
        audit_head.publish_head(context, head)
    except (OSError, ValueError, KeyError, SQLAlchemyError) as error:
        log.error("audit head not written", extra={"error": type(error).__name__})


def _begin(*, hurried: bool = False) -> None:
    """Begin, or raise `Busy` when somebody else's long transaction holds SQLite's one write lock."""
    try:
        begin_write(hurried=hurried)
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise Busy(LOCKED_RETRY_SECONDS) from error
        raise


def _write_denials(context: Context, denials: list[audit.Pending]) -> None:
    """Write what was refused in a transaction of its own: it must survive the rollback (SECURITY 64). It waits for its
    lock as long as any other; when it cannot be written the log says so, and the visitor hears of the first error."""
    try:
        _begin()
        try:
            head = audit.append(context, denials)
            db.session.commit()
        finally:
            end_write()
    except (Busy, SQLAlchemyError) as error:
        log.error("denials not written", extra={"error": type(error).__name__, "count": len(denials)})
        return
    _publish(context, head)
