"""Written access requests (GDPR 12 and 15; register notice §10): the request, its timeline, letters, correspondence.

The states and who may change them stand in `rules/access_requests.py`; triggers refuse any other change in the database
itself, so that a decided request cannot be decided again, also not by two employees at once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, JsonText, UtcDateTime, personal, roles, subject, technical
from portal.rules.access_requests import (
    CHANNELS,
    DELIVERIES,
    LONGEST_SEARCH_NOTE,
    LONGEST_TEXT,
    SCOPES,
    EventKind,
    LetterKind,
    NoteKind,
    State,
)
from portal.rules.register import STAFF_SOURCES, Category, Erasure, Origin, Purpose, Retention

REQUEST = "access_request.id"


def asked(*args: Any, origin: Origin | None = None, **options: Any) -> Any:
    """What was asked for and what became of it: the proof that a right was used and answered."""
    return personal(
        Category.REQUESTS,
        Purpose.ACCOUNTABILITY,
        Retention.LEGAL_CLAIMS,
        Erasure.KEEP_LEGAL_CLAIMS,
        *args,
        origin=origin,
        **options,
    )


def ours(*args: Any, **options: Any) -> Any:
    """What we made of the request, such as its state, its deadline and our letters. `options` are of the column."""
    return asked(*args, origin=Origin.DERIVED, **options)


def one_of(column: str, codes: Any) -> CheckConstraint:
    """A column takes these codes and no other."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class AccessRequest(Base):
    """One request. `statement` is the exact text that was signed, or written down by the employee who entered it.

    `received_on` is a day in Helsinki, from which the month is counted; `due_on` follows from it, the pauses and the
    extension by `rules/deadlines.py` and is kept so that the queue can be sorted by it.
    """

    __tablename__ = "access_request"
    __subject__ = roles(customer="customer_id", staff="assigned_id")
    __table_args__ = (
        one_of("state", State),
        one_of("scope", SCOPES),
        one_of("delivery", DELIVERIES),
        one_of("channel", CHANNELS),
        # Nobody signs for a request that came by letter, call or visit, and none in the account is without a signature.
        CheckConstraint("(channel = 'account') = (signed_at IS NOT NULL)", name="signature"),
        CheckConstraint(
            "(state IN ('answered', 'partly_answered', 'refused', 'withdrawn')) = (closed_at IS NOT NULL)",
            name="closed",
        ),
        UniqueConstraint("reference"),
        UniqueConstraint("customer_id", "submission"),
        Index(None, "customer_id", "received_on"),
        Index(None, "closed_at", "due_on", "id"),
        Index(None, "assigned_id", "closed_at"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    reference: Mapped[str] = ours(String(20))
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    state: Mapped[str] = ours(String(20))
    scope: Mapped[str] = asked(String(20))
    categories: Mapped[Any] = asked(JsonText)
    wishes: Mapped[str | None] = asked(Text)
    delivery: Mapped[str] = asked(String(20))
    contact: Mapped[str | None] = asked(String(300))
    channel: Mapped[str] = asked(String(20))
    language: Mapped[str] = asked(String(2))
    received_on: Mapped[date] = asked(Date)
    created_at: Mapped[datetime] = asked(UtcDateTime, origin=Origin.OBSERVED)
    signed_name: Mapped[str | None] = asked(String(200))
    signed_at: Mapped[datetime | None] = asked(UtcDateTime)
    statement: Mapped[str] = asked(Text)
    statement_sha256: Mapped[str] = ours(String(64))
    due_on: Mapped[date] = ours(Date)
    extended_at: Mapped[datetime | None] = ours(UtcDateTime)
    closed_at: Mapped[datetime | None] = ours(UtcDateTime)
    earlier_id: Mapped[int | None] = technical(
        "the request of the twelve months before, which this one repeats", BigId, ForeignKey(REQUEST)
    )
    assigned_id: Mapped[int | None] = technical("the employee who answers it", BigId, ForeignKey("staff.id"))
    entered_by_id: Mapped[int | None] = technical("the employee who wrote it down", BigId, ForeignKey("staff.id"))
    reminded_at: Mapped[datetime | None] = technical("when the employee was last reminded of the deadline", UtcDateTime)
    submission: Mapped[str | None] = technical(
        "random name of the form, so that the same form sent twice counts once", String(32)
    )
    version: Mapped[int] = technical("counts changes, so that a stale form is noticed", BigId, default=1)
    question_reminded_at: Mapped[datetime | None] = technical(
        "when both sides were last reminded of an unanswered question about identity", UtcDateTime
    )


class AccessRequestEvent(Base):
    """One step of a request: the timeline that the customer sees. Triggers refuse UPDATE, and DELETE until the request
    has been closed for as long as it is kept."""

    __tablename__ = "access_request_event"
    __subject__ = roles(customer="request_id.customer_id", staff="staff_id")
    __table_args__ = (one_of("kind", EventKind), Index(None, "request_id", "id"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    request_id: Mapped[int] = technical("the request", BigId, ForeignKey(REQUEST))
    kind: Mapped[str] = ours(String(30))
    occurred_at: Mapped[datetime] = ours(UtcDateTime)
    actor_kind: Mapped[str] = ours(String(20))
    staff_id: Mapped[int | None] = technical("the employee who acted or is meant", BigId, ForeignKey("staff.id"))
    reason: Mapped[str | None] = ours(Text)
    letter_id: Mapped[int | None] = technical(
        "the letter that went out with the step", BigId, ForeignKey("access_request_letter.id")
    )
    # With the step that ends a question about identity: the day of the answer, which is not the day on which somebody
    # looked. Where the question had stopped the clock, it runs on from there.
    answered_on: Mapped[date | None] = ours(Date)
    # With a question about identity that came too late to stop the clock, and with no other: why it came so late.
    late_reason: Mapped[str | None] = ours(Text, between_us=True)


class AccessRequestLetter(Base):
    """A numbered letter of the controller about a request: its text here, the PDF in a stored file."""

    __tablename__ = "access_request_letter"
    __subject__ = roles(customer="request_id.customer_id", staff="staff_id")
    __table_args__ = (one_of("kind", LetterKind), UniqueConstraint("number"), Index(None, "request_id", "id"))

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    request_id: Mapped[int] = technical("the request", BigId, ForeignKey(REQUEST))
    number: Mapped[str] = ours(String(20))
    kind: Mapped[str] = ours(String(20))
    language: Mapped[str] = ours(String(2))
    body: Mapped[str] = ours(Text)
    written_at: Mapped[datetime] = ours(UtcDateTime)
    staff_id: Mapped[int] = technical("the employee who wrote it", BigId, ForeignKey("staff.id"))
    file_id: Mapped[int] = technical("the letter as a PDF", BigId, ForeignKey("stored_file.id"))
    # What an employee prints, a code of `rules/access_requests.py`; empty where the customer reads it in the portal.
    on_paper: Mapped[str | None] = ours(String(10))


class AccessRequestNote(Base):
    """Correspondence about a request, and what employees note for each other (`kind` internal).

    What an employee writes down for the customer came in a way (`channel`) and on a day in Helsinki (`received_on`),
    which is not always the one of `written_at`; what the customer wrote in the account has neither.
    """

    __tablename__ = "access_request_note"
    __subject__ = roles(customer="request_id.customer_id", staff="staff_id")
    __table_args__ = (
        one_of("kind", NoteKind),
        one_of("channel", STAFF_SOURCES),
        CheckConstraint("(channel IS NULL) = (received_on IS NULL)", name="received"),
        CheckConstraint("received_on IS NULL OR kind = 'from_customer'", name="whose"),
        CheckConstraint(f"length(body) <= {LONGEST_TEXT}", name="body"),
        UniqueConstraint("request_id", "submission"),
        Index(None, "request_id", "id"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    request_id: Mapped[int] = technical("the request", BigId, ForeignKey(REQUEST))
    kind: Mapped[str] = asked(String(20))
    body: Mapped[str] = asked(Text)
    written_at: Mapped[datetime] = asked(UtcDateTime, origin=Origin.OBSERVED)
    staff_id: Mapped[int | None] = technical("the employee who wrote it", BigId, ForeignKey("staff.id"))
    submission: Mapped[str | None] = technical(
        "random name of the form, so that the same form sent twice counts once", String(32)
    )
    channel: Mapped[str | None] = asked(String(20))
    received_on: Mapped[date | None] = asked(Date)
    before_question: Mapped[bool] = technical(
        "it came before the open question about identity, so that it does not answer it", Boolean, default=False
    )


class AccessRequestAttachment(Base):
    """A file that belongs to a piece of correspondence."""

    __tablename__ = "access_request_attachment"
    __subject__ = subject("note_id.request_id.customer_id")

    note_id: Mapped[int] = technical(
        "the piece of correspondence", BigId, ForeignKey("access_request_note.id"), primary_key=True
    )
    file_id: Mapped[int] = technical("the file", BigId, ForeignKey("stored_file.id"), primary_key=True)


class AccessRequestCheck(Base):
    """An employee's word that a source outside the system was searched before the answer (register notice §10)."""

    __tablename__ = "access_request_check"
    __subject__ = roles(customer="request_id.customer_id", staff="staff_id")
    __table_args__ = (CheckConstraint(f"length(note) <= {LONGEST_SEARCH_NOTE}", name="note"),)

    request_id: Mapped[int] = technical("the request", BigId, ForeignKey(REQUEST), primary_key=True)
    source: Mapped[str] = ours(String(30), primary_key=True)
    found: Mapped[bool] = ours(Boolean)
    note: Mapped[str | None] = ours(String(LONGEST_SEARCH_NOTE), between_us=True)
    attested_at: Mapped[datetime] = ours(UtcDateTime)
    staff_id: Mapped[int] = technical("the employee who attests", BigId, ForeignKey("staff.id"))
