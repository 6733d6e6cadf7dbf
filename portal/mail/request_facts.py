"""What the messages about access requests say, read when each is sent."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, exists, select

from portal.mail.facts import Facts, Waiting, found
from portal.mail.links import page
from portal.models.access_request import AccessRequest, AccessRequestLetter, AccessRequestNote
from portal.models.account import Account
from portal.models.data_copy import DataCopy
from portal.models.staff import Staff
from portal.rules import deadlines
from portal.rules.access_requests import LetterKind
from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date
from portal.rules.texts import text

ANSWERS = (LetterKind.ANSWER, LetterKind.PARTIAL_ANSWER)
_RECEIVED = [getattr(AccessRequest, name) for name in ("reference", "received_on", "due_on", "created_at")]


def letter(message: Waiting) -> Facts:
    """Which letter it is, what to do and until when; why, and anything about the customer, is in the letter alone."""
    newest = select(DataCopy.expires_at).where(DataCopy.request_id == AccessRequest.id, DataCopy.state == "ready")
    copy = newest.order_by(DataCopy.id.desc()).limit(1).correlate(AccessRequest).scalar_subquery()
    statement = select(
        AccessRequest.reference,
        AccessRequest.due_on,
        AccessRequestLetter.kind,
        AccessRequestLetter.language,
        AccessRequestLetter.body,
        AccessRequestLetter.on_paper,
        copy.label("expires_at"),
    ).join(AccessRequestLetter, AccessRequestLetter.request_id == AccessRequest.id)
    own = (AccessRequestLetter.id == message.params["letter"], AccessRequest.customer_id == message.customer_id)
    row, language = found(statement.where(*own)), message.language
    what, day = row.kind, row.due_on
    # The mail promises no more than the letter, which says that the day moves on.
    if row.kind == LetterKind.EXTENSION and text("letter.extension.stands_still", row.language) in row.body:
        what = "extension.moving"
    if row.kind in ANSWERS:
        way = row.on_paper or ("portal" if row.expires_at else "")
        what, day = f"answer.{way}" if way else "answer", helsinki_date(row.expires_at or message.created_at)
    words = text(f"mail.letter.{what}", language, reference=row.reference, day=format_date(day, language))
    heading = text(f"mail.letter_subject.{'answer' if row.kind in ANSWERS else row.kind}", language)
    return {**_about(row.reference), "heading": heading, "what": words}


def note(message: Waiting) -> Facts:
    statement = select(AccessRequest.reference).join(
        AccessRequestNote, AccessRequestNote.request_id == AccessRequest.id
    )
    own = (AccessRequestNote.id == message.params["note"], AccessRequest.customer_id == message.customer_id)
    return _about(found(statement.where(*own)).reference)


def _about(reference: str) -> Facts:
    return {"reference": reference, "link": page(f"privacy/access-requests/{reference}")}


def due(message: Waiting) -> Facts:
    """For an employee who works here still; a request that was answered meanwhile needs no reminder."""
    reader = exists().where(Staff.email == message.recipient, Staff.disabled_at.is_(None))
    waiting = (AccessRequest.id == message.params["request"], AccessRequest.closed_at.is_(None))
    row = found(select(AccessRequest.reference, AccessRequest.due_on).where(*waiting, reader))
    return {
        "reference": row.reference,
        "due": format_date(row.due_on, message.language),
        "late": row.due_on < helsinki_date(message.created_at),
        "link": page(f"admin/requests/{row.reference}"),
    }


def access_request(message: Waiting) -> Facts:
    """The receipt shows the request to its owner only, and leads on where there is an account to lead to."""
    columns = (*_RECEIVED, AccessRequest.statement, AccessRequest.statement_sha256)
    row = found(
        select(*columns, Account.id.label("account_id"))
        .select_from(AccessRequest)
        .outerjoin(Account, Account.customer_id == AccessRequest.customer_id)
        .where(AccessRequest.id == message.params["request"], AccessRequest.customer_id == message.customer_id)
    )
    return {
        **_received(row, message.language),
        "statement": row.statement.splitlines(),
        "sha256": row.statement_sha256,
        "url": page(f"privacy/access-requests/{row.reference}") if row.account_id is not None else "",
    }


def entered(message: Waiting) -> Facts:
    """What may be told to an address that nobody has proven."""
    own = (AccessRequest.id == message.params["request"], AccessRequest.customer_id == message.customer_id)
    return _received(found(select(*_RECEIVED).where(*own)), message.language)


def withdrawn(message: Waiting) -> Facts:
    own = (AccessRequest.id == message.params["request"], AccessRequest.customer_id == message.customer_id)
    row = found(select(AccessRequest.reference, AccessRequest.closed_at).where(*own))
    closed_at = row.closed_at or message.created_at
    return {"reference": row.reference, "day": format_date(helsinki_date(closed_at), message.language)}


def _received(row: Row[Any], language: str) -> Facts:
    """The number and the days of a request; `late` says that the time was over before it was written down."""
    return {
        "reference": row.reference,
        "received_on": format_date(row.received_on, language),
        "due_on": format_date(row.due_on, language),
        "late": deadlines.is_over(row.received_on, today=helsinki_date(row.created_at)),
    }
