"""The outbox: messages are rows, and this carries them out (SECURITY R7–R10).

A worker claims a row in one transaction, sends it outside any transaction, and writes the outcome down in another. A
crash in between leaves a claim that runs out; the mail then goes once more, with the same Message-ID.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from flask import current_app
from sqlalchemy import Row, func, select, update

from portal.mail.compose import UnsafeHeader, compose
from portal.mail.kinds import KINDS, Obsolete
from portal.mail.links import unsubscribe_link
from portal.mail.render import render
from portal.mail.transport import NotDelivered, deliver
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import affected, connection
from portal.models.message import Message
from portal.rules.consents import Channel
from portal.rules.context import Context
from portal.rules.log_lines import place
from portal.services import consents

log = logging.getLogger(__name__)
# Minutes to wait after the first, second … failed attempt; three days and a half in all.
BACK_OFF = (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60, 24 * 60)
MOST_ATTEMPTS = len(BACK_OFF) + 1
# Longer than one delivery can take: every step of it ends after `transport.TIMEOUT`.
CLAIM = timedelta(minutes=5)


# The row of a message that one worker alone may send until its claim runs out.
Claimed = Row[Any]


@dataclass(frozen=True)
class Failure:
    """Why a message was not sent: a code without personal data, and the status it leads to when another attempt is
    useless."""

    code: str
    final_status: str | None = None


def claim(context: Context) -> Claimed | None:
    """Take the message that has been due longest, or None when none is due. The claim itself counts as an attempt, so
    that a message that kills its worker is given up one day as well."""
    due = (Message.status == "waiting") & (Message.next_attempt_at <= context.now)
    abandoned = (
        (Message.status == "sending") & (Message.claimed_until <= context.now) & (Message.attempts < MOST_ATTEMPTS)
    )
    oldest = select(Message.id).where(due | abandoned).order_by(Message.next_attempt_at, Message.id).limit(1)
    # SQLite ignores the lock: there the transaction has been the only writer since it began.
    message_id = db.session.execute(oldest.with_for_update(skip_locked=True)).scalar_one_or_none()
    if message_id is None:
        return None
    return db.session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(status="sending", attempts=Message.attempts + 1, claimed_until=context.now + CLAIM)
        .returning(*Message.__table__.columns)
    ).one()


def send(context: Context, claimed: Claimed) -> Failure | None:
    """Render the message and hand it over; outside any transaction. Returns None when it was accepted."""
    try:
        mail = _compose(claimed, _way_out(context, claimed))
        name = f"{claimed.created_at:%Y%m%dT%H%M%S}-{claimed.uuid}"
        deliver(current_app.config["PORTAL_SMTP_URL"], mail, name)
    except NotDelivered as error:
        return Failure(error.code, "failed" if error.final else None)
    except Obsolete:
        return Failure("obsolete", "obsolete")
    except UnsafeHeader:
        return Failure("unsafe_header", "failed")
    except Exception as error:  # noqa: BLE001 - one message that cannot be written must not hold up the others
        log.error("mail not written", extra={"error": type(error).__name__, "place": place(error.__traceback__)})
        return Failure("not_written")
    return None


def finish(context: Context, claimed: Claimed, failure: Failure | None) -> None:
    """Write down how the attempt went."""
    fields = {"mail": str(claimed.uuid), "kind": claimed.kind, "attempts": claimed.attempts}
    # Accepted is accepted, even when the claim ran out meanwhile; a failure counts only for the claim it belongs to.
    own = update(Message).where(Message.id == claimed.id, Message.status != "sent")
    if failure is None:
        db.session.execute(
            own.values(status="sent", sent_at=context.now, claimed_until=None, next_attempt_at=None, last_error=None)
        )
        log.info("mail sent", extra=fields)
        return
    own = own.where(Message.attempts == claimed.attempts)
    status = failure.final_status or ("failed" if claimed.attempts >= MOST_ATTEMPTS else None)
    if status is not None:
        db.session.execute(own.values(status=status, claimed_until=None, next_attempt_at=None, last_error=failure.code))
        if status == "failed":
            log.warning("mail given up", extra={**fields, "error": failure.code})
        else:
            log.info("mail not needed", extra=fields)
        return
    again = context.now + timedelta(minutes=BACK_OFF[claimed.attempts - 1])
    db.session.execute(own.values(status="waiting", claimed_until=None, next_attempt_at=again, last_error=failure.code))
    log.warning("mail not sent", extra={**fields, "error": failure.code})


def give_up(context: Context) -> int:
    """Mark messages as failed whose last attempt ended in a crash. Returns how many."""
    return affected(
        update(Message)
        .where(
            Message.status == "sending",
            Message.claimed_until <= context.now,
            Message.attempts >= MOST_ATTEMPTS,
        )
        .values(status="failed", claimed_until=None, next_attempt_at=None, last_error="abandoned")
    )


def try_again(context: Context) -> int:
    """Put every failed message back in line, as the operator asked. Returns how many."""
    return affected(
        update(Message)
        .where(Message.status == "failed")
        .values(status="waiting", attempts=0, next_attempt_at=context.now, claimed_until=None)
    )


def counts(context: Context) -> dict[str, int]:
    """How many messages there are in each status."""
    rows = connection().execute(select(Message.status, func.count()).group_by(Message.status)).all()
    return {row[0]: row[1] for row in rows}


def _way_out(context: Context, claimed: Claimed) -> str | None:
    """The link that ends marketing, for a message of that type. Raises `Obsolete` when the customer does not allow it
    at this moment: a choice counts for what waits in the queue as well."""
    kind = KINDS.get(claimed.kind)
    if kind is None or not kind.marketing:
        return None
    if not consents.may_contact(context, claimed.customer_id, Channel.EMAIL):
        raise Obsolete
    row = connection().execute(select(Customer.uuid).where(Customer.id == claimed.customer_id)).one()
    return unsubscribe_link(claimed.customer_id, row.uuid)


def _compose(claimed: Claimed, unsubscribe: str | None) -> EmailMessage:
    rendered = render(claimed)
    return compose(
        sender=current_app.config["PORTAL_MAIL_FROM"],
        sender_name=current_app.config["PORTAL_CONTROLLER"].name,
        recipient=claimed.recipient,
        language=claimed.language,
        message_uuid=claimed.uuid,
        written_at=claimed.created_at,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        unsubscribe=unsubscribe,
    )
