"""Announcements: an employee writes one, tries it on themselves, and lets it go: service information to every customer
with an address, marketing to whoever may be contacted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from portal.mail import announcements as mail
from portal.mail.outbox import wake
from portal.models.announcement import Announcement
from portal.models.base import db
from portal.models.database import connection, insert_on_conflict
from portal.models.message import Message
from portal.models.staff import Staff
from portal.rules.announcement_types import MESSAGES, AnnouncementType
from portal.rules.clean_text import clean_block, clean_line
from portal.rules.context import Context
from portal.rules.errors import NotFound, Problem, RuleBroken, Stale
from portal.rules.register import Retention
from portal.rules.retention import kept_since
from portal.rules.texts import LOCALES
from portal.services.auditing import audit
from portal.services.choices import audiences
from portal.services.employees import staff_recipients
from portal.services.foundation import older_pages
from portal.services.foundation.older_pages import OlderPage

PAGE_SIZE = 20
LATEST = 3
LONGEST_SUBJECT, LONGEST_TEXT = 120, 5000
# How many customers one look at the audience takes.
STRETCH = 1000


@dataclass(frozen=True)
class Reach:
    """How many customers with an e-mail address are written to at this moment, and how many are not."""

    reached: int
    withheld: int


def listing(context: Context, after: str | None = None) -> OlderPage:
    """A page of the announcements. Raises `ValueError` for a bad cursor."""
    place = (Announcement.created_at, Announcement.id)
    return older_pages.read(select(*Announcement.__table__.c), place, PAGE_SIZE, {"staff": "announcements"}, after)


def latest(context: Context) -> Sequence[Any]:
    """The newest few, for a start page."""
    statement = select(*Announcement.__table__.c).order_by(Announcement.created_at.desc(), Announcement.id.desc())
    return connection().execute(statement.limit(LATEST)).all()


def find(context: Context, announcement: uuid.UUID) -> Any:
    """The announcement with the names of who wrote it and who let it go. Raises `NotFound`."""
    author, sender = aliased(Staff), aliased(Staff)
    columns = (*Announcement.__table__.c, author.name.label("author_name"), sender.name.label("sender_name"))
    statement = select(*columns).join(author, Announcement.author_id == author.id)
    statement = statement.outerjoin(sender, Announcement.sender_id == sender.id)
    row = connection().execute(statement.where(Announcement.uuid == announcement)).first()
    if row is None:
        raise NotFound
    return row


def outcomes(context: Context, found: Any) -> dict[str, int] | None:
    """How many messages of an announcement are in each status by now; None for a draft, and when the first of them may
    have reached the end of their retention, so that a count would be wrong."""
    if found.sent_at is None or found.sent_at < kept_since(Retention.MESSAGES, context.now):
        return None
    own = (Message.kind == MESSAGES[found.type], Message.params == {"announcement": found.id})
    rows = connection().execute(select(Message.status, func.count()).where(*own).group_by(Message.status)).all()
    return {row[0]: row[1] for row in rows}


def reach(context: Context, announcement_type: str) -> Reach:
    """Whom an announcement of a type reaches now. It is worked out anew when one is let go."""
    reached = looked = after = 0
    while True:
        found = audiences.audience(context, announcement_type, after, STRETCH)
        reached, looked, after = reached + len(found.reached), looked + found.looked, found.last
        if found.looked < STRETCH:
            return Reach(reached, looked - reached)


def begin(context: Context, given: Mapping[str, str], name: uuid.UUID) -> None:
    """Keep a draft. `given` has ``type``, ``subject_<language>`` and ``text_<language>``; `name` belongs to the form,
    so that the same form sent twice, or at once, is one draft (SECURITY R12). Raises `RuleBroken`."""
    announcement_type, words = _check(given)
    row = {
        "uuid": name,
        "type": announcement_type,
        "words": words,
        "state": "draft",
        "version": 1,
        "author_id": context.actor.id,
    }
    counts = {"reached_id": 0, "queued": 0, "withheld": 0}
    inserted = insert_on_conflict(Announcement).values(**row, **counts, created_at=context.now)
    once = inserted.on_conflict_do_nothing(index_elements=["uuid"]).returning(Announcement.id)
    announcement_id = db.session.execute(once).scalar_one_or_none()
    if announcement_id is not None:
        audit.record(context, "announcement.written", announcement=announcement_id)


def edit(context: Context, announcement: uuid.UUID, version: int, given: Mapping[str, str]) -> None:
    """Change a draft. Raises `RuleBroken`, also for what is on its way; `Stale`; `NotFound`."""
    announcement_type, words = _check(given)
    row = _lock_draft(announcement, version)
    own = update(Announcement).where(Announcement.id == row.id)
    db.session.execute(own.values(type=announcement_type, words=words, version=row.version + 1))
    audit.record(context, "announcement.written", announcement=row.id)


def try_out(context: Context, announcement: uuid.UUID) -> None:
    """Send it to the employee who asks, in every language. Raises `NotFound`."""
    row = find(context, announcement)
    mail.test(context, staff_recipients.recipient(context, context.actor.id or 0), row.id)
    audit.record(context, "announcement.tested", announcement=row.id)


def discard(context: Context, announcement: uuid.UUID, version: int) -> None:
    """Throw a draft away as it was seen. Raises `RuleBroken` for what is on its way already; `Stale`; `NotFound`."""
    row = _lock_draft(announcement, version)
    db.session.execute(delete(Announcement).where(Announcement.id == row.id))
    audit.record(context, "announcement.discarded", announcement=row.id)


def send(context: Context, announcement: uuid.UUID, version: int, *, checked: bool) -> None:
    """Let a draft go as it was seen. `checked` says that the employee found no advertising in it, without which no
    service information leaves. Raises `RuleBroken`, also for what is on its way already; `Stale`; `NotFound`."""
    row = _lock_draft(announcement, version)
    if row.type == AnnouncementType.SERVICE and not checked:
        raise RuleBroken.of("no_advertising", "announcement.unchecked")
    own = update(Announcement).where(Announcement.id == row.id)
    db.session.execute(own.values(state="sending", sender_id=context.actor.id, sent_at=context.now))
    audit.record(context, "announcement.sent", announcement=row.id, type=row.type)
    wake()


def _lock_draft(announcement: uuid.UUID, version: int) -> Any:
    columns = (Announcement.id, Announcement.type, Announcement.state, Announcement.version)
    own = select(*columns).where(Announcement.uuid == announcement)
    row = db.session.execute(own.with_for_update()).first()
    if row is None:
        raise NotFound
    if row.state != "draft":
        raise RuleBroken.of(None, "announcement.settled")
    if row.version != version:
        raise Stale(row.version)
    return row


def _check(given: Mapping[str, str]) -> tuple[str, dict[str, dict[str, str]]]:
    """The type, and the words in every language; all problems are named at once."""
    words: dict[str, dict[str, str]] = {language: {} for language in LOCALES}
    problems: list[Problem] = []
    if given["type"] not in set(AnnouncementType):
        problems.append(Problem("type", "announcement.type_required"))
    for language in LOCALES:
        for part, clean, longest in (
            ("subject", clean_line, LONGEST_SUBJECT),
            ("text", clean_block, LONGEST_TEXT),
        ):
            name = f"{part}_{language}"
            try:
                words[language][part] = clean(given[name], longest, name)
            except RuleBroken as error:
                problems += error.problems
            else:
                if not words[language][part]:
                    problems.append(Problem(name, f"announcement.missing.{name}"))
    if problems:
        raise RuleBroken(*problems)
    return given["type"], words
