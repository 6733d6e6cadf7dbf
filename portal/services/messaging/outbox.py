"""The outbox: messages are rows, and this carries them out (SECURITY R7–R10).

A worker claims a row in one transaction, sends it outside any transaction, and writes the outcome down in another. A
crash in between leaves a claim that runs out; the mail then goes once more, with the same Message-ID.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from flask import current_app
from sqlalchemy import Row, Update, func, select, update

from portal.mail.compose import UnsafeHeader, compose
from portal.mail.facts import Obsolete
from portal.mail.kept import without_links
from portal.mail.kinds import KINDS
from portal.mail.links import unsubscribe_link
from portal.mail.outbox import wake
from portal.mail.render import Rendered, render
from portal.mail.transport import NotDelivered, deliver
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import affected, connection
from portal.models.message import Message
from portal.rules.context import Context
from portal.rules.errors import NotFound, RuleBroken
from portal.rules.log_lines import place
from portal.services.auditing import audit
from portal.services.choices import audiences

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
    """Take the message that has been due longest, or None when none is due. What goes to many at once comes after all
    other mail: after an outage a link to a new password does not wait behind thousands of newsletters. The claim itself
    counts as an attempt, so that a message that kills its worker is given up one day as well."""
    due = (Message.status == "waiting") & (Message.next_attempt_at <= context.now)
    abandoned = (
        (Message.status == "sending") & (Message.claimed_until <= context.now) & (Message.attempts < MOST_ATTEMPTS)
    )
    to_many = Message.kind.in_([code for code, kind in KINDS.items() if kind.to_many])
    in_order = (to_many, Message.next_attempt_at, Message.id)
    oldest = select(Message.id).where(due | abandoned).order_by(*in_order).limit(1)
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


def send(context: Context, claimed: Claimed) -> Rendered | Failure:
    """Render the message and hand it over; outside any transaction. Returns what was sent when it was accepted."""
    try:
        rendered = render(claimed)
        mail = _compose(claimed, rendered, _way_out(context, claimed))
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
    return rendered


def finish(context: Context, claimed: Claimed, outcome: Rendered | Failure) -> None:
    """Write down how the attempt went."""
    fields = {"mail": str(claimed.uuid), "kind": claimed.kind, "attempts": claimed.attempts}
    # Accepted is accepted, even when the claim ran out meanwhile; a failure counts only for the claim it belongs to.
    own = update(Message).where(Message.id == claimed.id, Message.status != "sent")
    if isinstance(outcome, Rendered):
        settled = {"claimed_until": None, "next_attempt_at": None, "last_error": None}
        db.session.execute(own.values(status="sent", sent_at=context.now, **settled, **_kept(claimed, outcome)))
        log.info("mail sent", extra=fields)
        return
    _note_failure(context, claimed, outcome, own, fields)


def _note_failure(context: Context, claimed: Claimed, failure: Failure, own: Update, fields: dict[str, Any]) -> None:
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
    """Put every failed message back in line, and let what waits after a failure wait no longer, as an operator or
    employee asked. Returns how many."""
    count = affected(update(Message).where(Message.status == "failed").values(**_anew(context), attempts=0))
    late = (Message.status == "waiting", Message.last_error.is_not(None), Message.next_attempt_at > context.now)
    count += affected(update(Message).where(*late).values(**_anew(context)))
    if count:
        audit.record(context, "messages.resent", count=count)
        wake()
    return count


def try_one_again(context: Context, message: uuid.UUID) -> None:
    """Put one message back in line. It keeps its Message-ID. Raises `NotFound`, and `RuleBroken` for a message that was
    sent, is being sent, or is no longer needed."""
    wanted = select(Message.id, Message.status, Message.kind, Message.customer_id).where(Message.uuid == message)
    row = db.session.execute(wanted.with_for_update()).first()
    if row is None:
        raise NotFound
    if row.status not in ("failed", "waiting"):
        raise RuleBroken.of(None, "message.settled")
    started = {"attempts": 0} if row.status == "failed" else {}
    db.session.execute(update(Message).where(Message.id == row.id).values(**_anew(context), **started))
    audit.record(context, "message.resent", customer_id=row.customer_id, message=row.id, kind=row.kind)
    wake()


def _anew(context: Context) -> dict[str, Any]:
    return {"status": "waiting", "next_attempt_at": context.now, "claimed_until": None}


def counts(context: Context) -> dict[str, int]:
    """How many messages there are in each status."""
    rows = connection().execute(select(Message.status, func.count()).group_by(Message.status)).all()
    return {row[0]: row[1] for row in rows}


def _way_out(context: Context, claimed: Claimed) -> str | None:
    """The link that ends marketing, for a message of that type. Raises `Obsolete` when what is written to many may not
    go to this address at this moment: a choice, or another address, counts for what waits in the queue as well."""
    kind = KINDS.get(claimed.kind)
    if kind is None or not (kind.marketing or kind.to_many):
        return None
    may_go = audiences.may_mail if kind.marketing else audiences.has_address
    if not may_go(context, claimed.customer_id, claimed.recipient):
        raise Obsolete
    if not kind.marketing:
        return None
    row = connection().execute(select(Customer.uuid).where(Customer.id == claimed.customer_id)).one()
    return unsubscribe_link(claimed.customer_id, row.uuid)


def _kept(claimed: Claimed, sent: Rendered) -> dict[str, str]:
    """What is kept of a mail for the customer it went to. Nobody else has a page to read it on: nothing is kept."""
    if claimed.customer_id is None:
        return {}
    kept = without_links(sent, claimed.language)
    return {"subject": kept.subject, "body": kept.text, "html": kept.html}


def _compose(claimed: Claimed, rendered: Rendered, unsubscribe: str | None) -> EmailMessage:
    controller = current_app.config["PORTAL_CONTROLLER"]
    return compose(
        sender=current_app.config["PORTAL_MAIL_FROM"],
        sender_name=controller.name,
        reply_to=controller.email,
        recipient=claimed.recipient,
        language=claimed.language,
        message_uuid=claimed.uuid,
        written_at=claimed.created_at,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        unsubscribe=unsubscribe,
    )
