"""Letting an announcement go: through the customers in the order of their row numbers, a batch in each transaction.

A batch is queued only when the one before has been tried: a link to a new password never waits behind a thousand
newsletters, and a worker does what else waits before the next batch. How far it came stands in the row, so that a crash
neither skips nor repeats anybody.
"""

from __future__ import annotations

from sqlalchemy import exists, select, update

from portal.mail import announcements as mail
from portal.mail.outbox import wake
from portal.mail.recipients import Recipient
from portal.models.announcement import Announcement
from portal.models.base import db
from portal.models.message import Message
from portal.rules.announcement_types import MESSAGES
from portal.rules.context import Context
from portal.services.auditing import audit
from portal.services.choices import audiences

BATCH = 100


def queue_some(context: Context) -> None:
    """Queue the next batch of an announcement, and wake a worker for it and what follows. Does nothing when none is on
    its way, or its last batch has not left yet."""
    if _is_busy():
        return
    columns = (Announcement.id, Announcement.type, Announcement.reached_id, Announcement.queued, Announcement.withheld)
    oldest = select(*columns).where(Announcement.state == "sending").order_by(Announcement.id).limit(1)
    row = db.session.execute(oldest.with_for_update(skip_locked=True)).first()
    if row is None:
        return
    found = audiences.audience(context, row.type, row.reached_id, BATCH)
    for customer in found.reached:
        mail.announcement(context, Recipient(customer.id, customer.email, customer.language), row.id, row.type)
    counts = {
        "queued": row.queued + len(found.reached),
        "withheld": row.withheld + found.looked - len(found.reached),
    }
    finished = {"state": "sent", "finished_at": context.now} if found.looked < BATCH else {}
    own = update(Announcement).where(Announcement.id == row.id)
    db.session.execute(own.values(reached_id=found.last, **counts, **finished))
    wake()
    if finished:
        audit.record(context, "announcement.finished", announcement=row.id, **counts)


def _is_busy() -> bool:
    """Whether messages of a batch have not been tried yet. Those that wait after a failure hold nothing up."""
    untried = exists().where(Message.status == "waiting", Message.attempts == 0, Message.kind.in_(MESSAGES.values()))
    return bool(db.session.execute(select(untried)).scalar_one())
