"""Data copies as the people see them: asked for, listed, and handed out (GDPR 15(3), 20).

A copy answers an access request, or is made at once by self-service. Asking writes a row; `data_copy_queue` and the job
carry it out. Where, when and to whom a copy is handed out is decided here and nowhere else.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, insert, or_, select, update

from portal.mail.outbox import wake
from portal.models.access_request import AccessRequest, AccessRequestEvent, AccessRequestLetter
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.data_copy import DataCopy
from portal.models.database import connection
from portal.models.register import records_of
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import ANSWERED, EventKind
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.errors import NotFound, RuleBroken
from portal.services.auditing import audit
from portal.services.data_copy.data_copy_queue import LIFE
from portal.services.foundation import stored_files
from portal.services.foundation.stored_files import FileFacts
from portal.services.register import young_contacts
from portal.services.register.left_out import is_newest, still_left_out
from portal.services.register.young_contacts import YOUNG

UNFINISHED = ("waiting", "building")
# Copies by self-service within a day; a written request has no such limit.
MOST_A_DAY = 5
A_DAY = timedelta(days=1)
LONGEST_LIST = 20
# What is told of a copy's file.
FILE = ("size", "sha256")


@dataclass(frozen=True)
class CopyFacts:
    """One copy. `size` and `sha256` (in hexadecimal) are there while its file is; `left_out` names the parts that it
    does not hold, each with its reason, and is None for a whole one."""

    uuid: uuid.UUID
    state: str
    request_id: int | None
    language: str
    created_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    size: int | None
    sha256: str | None
    downloads: int
    left_out: Mapping[str, str] | None = None


def ask(
    context: Context,
    customer_id: int,
    *,
    language: str,
    request_id: int | None = None,
    left_out: Mapping[str, str] | None = None,
) -> uuid.UUID:
    """Have a copy made, and return its name. One that waits or is being made for the same purpose, and leaves out the
    same, is it already. One by self-service leaves out what the last answers in writing did: nobody reviews it.

    Raises `RuleBroken` for self-service too often within a day, or where `blocked_until` names a day.
    """
    # The lock makes the same form sent twenty times at once one copy (SECURITY R12).
    db.session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update()).one()
    if request_id is None:
        left_out = still_left_out(context, customer_id)
    unfinished = (_purpose(customer_id, request_id), DataCopy.state.in_(UNFINISHED))
    newest = select(DataCopy.uuid, DataCopy.left_out).where(*unfinished).order_by(DataCopy.id.desc()).limit(1)
    known = db.session.execute(newest).first()
    if known is not None and (known.left_out or None) == (left_out or None):
        found: uuid.UUID = known.uuid
        return found
    if request_id is None:
        _check_self_service(context, customer_id)
    name = uuid.uuid4()
    db.session.execute(
        insert(DataCopy).values(
            uuid=name,
            customer_id=customer_id,
            request_id=request_id,
            language=language,
            state="waiting",
            attempts=0,
            next_attempt_at=context.now,
            created_at=context.now,
            downloads=0,
            left_out=dict(left_out) if left_out else None,
        )
    )
    audit.record(context, "copy.requested", customer_id=customer_id)
    wake()
    return name


def begin_time(context: Context, request_id: int) -> None:
    """Let the time of the copy that answers a request begin at the decision: the customer could not have it before."""
    answering = select(DataCopy.id).where(DataCopy.request_id == request_id, DataCopy.state == "ready", is_newest())
    begun = (
        update(DataCopy)
        .where(DataCopy.id.in_(answering))
        .values(expires_at=context.now + LIFE)
        .returning(DataCopy.file_id)
    )
    files = db.session.execute(begun).scalars().all()
    db.session.execute(update(StoredFile).where(StoredFile.id.in_(files)).values(expires_at=context.now + LIFE))


def of_customer(context: Context, customer_id: int) -> list[CopyFacts]:
    """The customer's copies, newest first; those that answer a request from its decision on."""
    newest = _facts().where(_is_of(customer_id), _handed_out()).limit(LONGEST_LIST)
    return [_seen(context, row) for row in connection().execute(newest)]


def of_request(context: Context, request_id: int) -> CopyFacts | None:
    """The newest copy for an access request, in whatever state; None when none was asked for."""
    row = connection().execute(_facts().where(DataCopy.request_id == request_id, is_newest())).first()
    return _seen(context, row) if row is not None else None


def to_fetch(context: Context, customer_id: int) -> Select[int, str, datetime | None]:
    """Selects the copies that answer a request in the portal and that the customer has not downloaded yet: the number
    of each, the request's reference, and until when it is there. One that goes by post or waits in the shop is not to
    be fetched here."""
    waiting = (DataCopy.state == "ready", DataCopy.expires_at > context.now, DataCopy.downloads == 0)
    on_paper = exists().where(
        AccessRequestLetter.request_id == AccessRequest.id, AccessRequestLetter.on_paper.in_(("post", "pick_up"))
    )
    return (
        select(DataCopy.id, AccessRequest.reference, DataCopy.expires_at)
        .join(AccessRequest, DataCopy.request_id == AccessRequest.id)
        .where(_is_of(customer_id), AccessRequest.state.in_(ANSWERED), is_newest(), *waiting, ~on_paper)
    )


def find(context: Context, customer_id: int, copy_uuid: uuid.UUID) -> CopyFacts:
    """One of the customer's copies. Raises `NotFound`."""
    own = (_is_of(customer_id), DataCopy.uuid == copy_uuid, _handed_out())
    row = connection().execute(_facts().where(*own)).first()
    if row is None:
        raise NotFound
    return _seen(context, row)


def open_file(context: Context, customer_id: int, copy_uuid: uuid.UUID, *, counted: bool = True) -> FileFacts:
    """The file of a copy for a download, which is counted and logged (unless somebody only asks about it).

    Raises `NotFound` unless it is this customer's, whole, in its time, and (for a request) decided; `RuleBroken` where
    `blocked_until` names a day.
    """
    return _hand_out(context, customer_id, DataCopy.uuid == copy_uuid, counted=counted)


def open_answer(context: Context, customer_id: int, reference: str, *, counted: bool = True) -> FileFacts:
    """The file of the copy that answers the request of this reference; otherwise as `open_file`."""
    return _hand_out(context, customer_id, AccessRequest.reference == reference, counted=counted)


def blocked_until(context: Context, customer_id: int) -> datetime | None:
    """Until when nothing is handed out on the word of the account alone, or None.

    A log-in address that is young, and since then a password chosen with a link mailed to it: whoever
    is here has proven to read the new mailbox and nothing more (decision 19).
    """
    moment = young_contacts.login_changed(context, customer_id)
    if moment is None:
        return None
    reset = select(AuditEvent.seq).where(
        AuditEvent.customer_id == customer_id,
        AuditEvent.action == "account.password_reset",
        AuditEvent.occurred_at >= moment,
    )
    return moment + YOUNG if connection().execute(reset.limit(1)).first() is not None else None


def _check_self_service(context: Context, customer_id: int) -> None:
    blocked = blocked_until(context, customer_id)
    if blocked is not None:
        raise RuleBroken.of(None, "data_copy.new_contact", day=helsinki_date(blocked))
    recent = (_purpose(customer_id, None), DataCopy.created_at > context.now - A_DAY, DataCopy.state != "failed")
    asked = db.session.execute(select(func.count()).select_from(DataCopy).where(*recent)).scalar_one()
    if asked >= MOST_A_DAY:
        raise RuleBroken.of(None, "data_copy.too_many", count=MOST_A_DAY)


def _hand_out(context: Context, customer_id: int, which: ColumnElement[bool], *, counted: bool) -> FileFacts:
    own = (_is_of(customer_id), DataCopy.state == "ready", DataCopy.expires_at > context.now)
    row = db.session.execute(
        select(DataCopy.id, DataCopy.file_id, DataCopy.request_id)
        .outerjoin(AccessRequest, DataCopy.request_id == AccessRequest.id)
        .where(*own, which, _handed_out())
        .order_by(DataCopy.id.desc())
    ).first()
    if row is None:
        raise NotFound
    blocked = blocked_until(context, customer_id)
    if blocked is not None and not _was_identified(row.request_id, blocked - YOUNG):
        raise RuleBroken.of(None, "data_copy.new_contact", day=helsinki_date(blocked))
    facts = stored_files.find(context, row.file_id, customer_id=customer_id)
    if counted:
        db.session.execute(update(DataCopy).where(DataCopy.id == row.id).values(downloads=DataCopy.downloads + 1))
        audit.record(context, "copy.downloaded", customer_id=customer_id)
    return facts


def _was_identified(request_id: int | None, since: datetime) -> bool:
    """Whether an employee has made sure since then who asks. A decision alone proves nobody: it may have meant the copy
    for the post or the shop."""
    confirmed = select(AccessRequestEvent.id).where(
        AccessRequestEvent.request_id == request_id,
        AccessRequestEvent.kind == EventKind.IDENTITY_CONFIRMED.value,
        AccessRequestEvent.occurred_at >= since,
    )
    return connection().execute(confirmed.limit(1)).first() is not None


def _is_of(customer_id: int) -> ColumnElement[bool]:
    return DataCopy.customer_id.in_(records_of(customer_id))


def _purpose(customer_id: int, request_id: int | None) -> ColumnElement[bool]:
    return (DataCopy.customer_id == customer_id) & DataCopy.request_id.is_not_distinct_from(request_id)


def _handed_out() -> ColumnElement[bool]:
    """By self-service at once; as the answer to a request once that is decided, and then only the one it was decided
    with: an earlier copy may hold what the decision leaves out."""
    return or_(DataCopy.request_id.is_(None), and_(AccessRequest.state.in_(ANSWERED), is_newest()))


def _facts() -> Select[Any]:
    own = [getattr(DataCopy, item.name) for item in fields(CopyFacts) if item.name not in FILE]
    return (
        select(*own, *(getattr(StoredFile, name) for name in FILE))
        .outerjoin(StoredFile, DataCopy.file_id == StoredFile.id)
        .outerjoin(AccessRequest, DataCopy.request_id == AccessRequest.id)
        .order_by(DataCopy.created_at.desc(), DataCopy.id.desc())
    )


def _seen(context: Context, row: Row[Any]) -> CopyFacts:
    """A copy whose time is over is expired from that moment on, whenever its file is swept."""
    values = row._asdict()
    if row.state == "ready" and row.expires_at <= context.now:
        values["state"] = "expired"
    values["sha256"] = row.sha256.hex() if row.sha256 is not None else None
    return CopyFacts(**values)
