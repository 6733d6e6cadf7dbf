"""Whose passkeys and recovery codes: those of customers and of employees are in tables of their own (SECURITY 29)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.models.base import db


@dataclass(frozen=True)
class Owner:
    """A person: the table of what is theirs, the column in it that leads to them, and their own table and row."""

    kind: str
    id: int
    table: Any
    column: Any
    person: Any


def lock(owner: Owner) -> None:
    """The owner first, as everything does that changes what hangs on an account: two at once wait and none fails
    (SECURITY R11, R12)."""
    db.session.execute(select(owner.person.id).where(owner.person.id == owner.id).with_for_update())
