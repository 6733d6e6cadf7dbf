"""Messages of the demo's customers: some that went out over the last two years, and a few that a server refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from portal.cli.demo.credentials import CUSTOMER_EMAIL
from portal.cli.demo.people import Person
from portal.mail.kept import without_links
from portal.mail.outbox import queue
from portal.mail.render import render
from portal.models.account import Account
from portal.models.base import db
from portal.models.message import Message
from portal.rules.context import Actor, Context
from portal.services.auditing import audit

EERO, ASA, OLIVIA = "eero.hamalainen@example.com", "asa.sjoblom@example.com", "olivia.bennett@example.com"
# To whom, days ago, what.
SENT: tuple[tuple[str, int, str], ...] = (
    (CUSTOMER_EMAIL, 200, "password_changed"),
    (CUSTOMER_EMAIL, 131, "already_registered"),
    (CUSTOMER_EMAIL, 64, "new_device"),
    (CUSTOMER_EMAIL, 9, "new_device"),
    (EERO, 200, "password_changed"),
    (ASA, 88, "new_device"),
    (OLIVIA, 200, "password_changed"),
)
# Sent before contents were kept. What told of the accounts' opening is older than any message that is stored.
WITHOUT_CONTENT = ((CUSTOMER_EMAIL, 420, "new_device"), (ASA, 500, "new_device"))
# To whom, hours ago, what, the state it is in, what stopped it, how often it was tried.
STOPPED: tuple[tuple[str, int, str, str, str, int], ...] = (
    ("heikki.vaisanen@example.com", 50, "new_device", "failed", "recipient_550", 1),
    ("kerttu.lehtonen@example.com", 100, "password_changed", "failed", "timeout", 10),
    (EERO, 5, "new_device", "waiting", "smtp_451", 5),
)
PARAMS = {"new_device": {"session": 0}}
# What a mail tells of stands in the log too: the event and its details.
EVENTS: dict[str, tuple[str, dict[str, bool]]] = {
    "new_device": ("account.login", {"new_device": True}),
    "password_changed": ("account.password_changed", {}),
}


def write_some(context: Context, ids: dict[Person, int]) -> None:
    """Write the messages. What went out is rendered as it was sent, and leaves no mail behind."""
    by_email = {person.email: person for person in ids if person.email}
    _send_earlier(context)
    for email, days, kind in SENT:
        then = replace(context, now=context.now - timedelta(days=days))
        _send(then, _queue(then, by_email[email], ids, kind))
    for email, days, kind in WITHOUT_CONTENT:
        then = replace(context, now=context.now - timedelta(days=days))
        known = Message.id == _queue(then, by_email[email], ids, kind)
        db.session.execute(update(Message).where(known).values(status="sent", attempts=1, sent_at=then.now))
    for email, hours, kind, status, error, attempts in STOPPED:
        then = replace(context, now=context.now - timedelta(hours=hours))
        known = Message.id == _queue(then, by_email[email], ids, kind)
        again = context.now + timedelta(hours=1) if status == "waiting" else None
        values = {"status": status, "last_error": error, "attempts": attempts, "next_attempt_at": again}
        db.session.execute(update(Message).where(known).values(**values))


def _queue(then: Context, person: Person, ids: dict[Person, int], kind: str) -> int:
    if kind in EVENTS:
        action, details = EVENTS[kind]
        owner = db.session.execute(select(Account.id).filter_by(customer_id=ids[person])).scalar_one()
        by_owner = replace(then, actor=Actor("customer", owner))
        audit.record(by_owner, action, customer_id=ids[person], **details)
    queue(
        then,
        kind,
        recipient=person.email or "",
        language=person.language,
        customer_id=ids[person],
        **PARAMS.get(kind, {}),
    )
    return db.session.execute(select(Message.id).order_by(Message.id.desc()).limit(1)).scalar_one()


def _send_earlier(context: Context) -> None:
    """What the demo's past has put in line went out at its time: nobody gets mail about it today."""
    own = (Message.customer_id.is_not(None), Message.status == "waiting", Message.created_at < context.now)
    for row in db.session.execute(select(Message.id, Message.created_at).where(*own)).all():
        _send(replace(context, now=row.created_at), row.id)


def _send(then: Context, message_id: int) -> None:
    known = Message.id == message_id
    row = db.session.execute(select(*Message.__table__.columns).where(known)).one()
    kept = without_links(render(row), row.language)
    said = {"subject": kept.subject, "body": kept.text, "html": kept.html}
    settled = {"status": "sent", "attempts": 1, "sent_at": then.now, "next_attempt_at": None}
    db.session.execute(update(Message).where(known).values(**settled, **said))
