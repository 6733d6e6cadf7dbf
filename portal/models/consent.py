"""Consents and prohibitions: each word of a customer is a row that nobody changes (SECURITY 70; decision 15)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.models.base import Base, BigId, UtcDateTime, personal, roles, subject, technical
from portal.rules.register import Category, Erasure, Origin, Purpose, Retention


def choice(*args: Any) -> Any:
    """What was chosen and when; it is needed for as long as it is in force."""
    return personal(
        Category.CHOICES,
        (Purpose.MARKETING, Purpose.PERSONALISATION, Purpose.SERVICE_IMPROVEMENT, Purpose.ACCOUNTABILITY),
        Retention.PROHIBITION,
        Erasure.KEEP_LEGAL_CLAIMS,
        *args,
    )


def proof(*args: Any, origin: Origin | None = None) -> Any:
    """What shows later that it was chosen, and how (GDPR 7(1))."""
    return personal(
        Category.PROOF,
        Purpose.ACCOUNTABILITY,
        Retention.LEGAL_CLAIMS,
        Erasure.KEEP_LEGAL_CLAIMS,
        *args,
        origin=origin,
    )


class ConsentEvent(Base):
    """One consent, prohibition or withdrawal. What holds now follows from a customer's rows alone
    (`rules/consents.py`). Triggers refuse UPDATE and DELETE.

    `kind` is a code of `rules.consents.KINDS`; `wording` is the exact text that was shown or read in `language`.
    """

    __tablename__ = "consent_event"
    __subject__ = subject("customer_id")
    __table_args__ = (
        CheckConstraint("action IN ('given', 'withdrawn', 'forbidden', 'allowed')", name="action"),
        UniqueConstraint("customer_id", "submission", "kind"),
        Index(None, "customer_id", "kind", "id"),
    )

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    customer_id: Mapped[int] = technical("the customer", BigId, ForeignKey("customer.id"))
    kind: Mapped[str] = choice(String(30))
    action: Mapped[str] = choice(String(10))
    recorded_at: Mapped[datetime] = choice(UtcDateTime)
    source: Mapped[str] = proof(String(20))
    actor_kind: Mapped[str] = proof(String(20))
    actor_id: Mapped[int | None] = technical("row number of the actor in the actor's own table", BigId)
    language: Mapped[str] = proof(String(2))
    wording: Mapped[str] = proof(Text)
    wording_version: Mapped[int] = technical("which version of the wording the text is", Integer)
    submission: Mapped[str | None] = technical(
        "random name of the form, so that the same form sent twice counts once", String(32)
    )


class ConsentLetter(Base):
    """The day in Helsinki on which the confirmation of a consent by phone was posted, for a customer whom no mail
    reaches. The letter itself is made anew from the consent's own row whenever it is printed."""

    __tablename__ = "consent_letter"
    __subject__ = roles(customer="event_id.customer_id", staff="staff_id")
    __table_args__ = (UniqueConstraint("event_id"),)

    id: Mapped[int] = technical("row number", BigId, primary_key=True)
    event_id: Mapped[int] = technical("the consent that it confirms", BigId, ForeignKey("consent_event.id"))
    posted_on: Mapped[date] = proof(Date, origin=Origin.DERIVED)
    noted_at: Mapped[datetime] = proof(UtcDateTime, origin=Origin.DERIVED)
    staff_id: Mapped[int] = technical("the employee who noted it", BigId, ForeignKey("staff.id"))
