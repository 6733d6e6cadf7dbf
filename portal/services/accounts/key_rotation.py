"""After a new encryption key: what was encrypted with an older one is encrypted anew, so that the old one may go
(SECURITY 67). A code that was right does the same for its own secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from portal.models.account import Account
from portal.models.base import db
from portal.models.staff import Staff, StaffInvitation
from portal.rules.context import Context
from portal.services.auditing import audit
from portal.services.foundation.keys import KeyGone, encrypted_anew

# Every column that holds something encrypted.
ENCRYPTED: tuple[Any, ...] = (Account.totp_seed, Account.totp_pending, Staff.totp_seed, StaffInvitation.totp_seed)
# As many rows as one transaction locks.
BATCH = 100


@dataclass(frozen=True)
class Batch:
    """What became of some rows of a column: `unreadable` are the numbers of those whose key is gone; `last` is the
    number of the last one, or None when there was none."""

    last: int | None
    renewed: int
    current: int
    unreadable: tuple[int, ...]


def rotate(context: Context, column: Any, after: int) -> Batch:
    """Encrypt the next rows of a column with the newest key, those with a higher number than `after`."""
    table = column.class_
    rows = db.session.execute(
        select(table.id, column)
        .where(table.id > after, column.is_not(None))
        .order_by(table.id)
        .limit(BATCH)
        .with_for_update()
    ).all()
    renewed, unreadable = 0, []
    for number, text in rows:
        try:
            anew = encrypted_anew(text)
        except KeyGone:
            unreadable.append(number)
            continue
        if anew != text:
            renewed += 1
            db.session.execute(update(table).where(table.id == number).values({column.key: anew}))
    last = rows[-1].id if rows else None
    return Batch(last, renewed, len(rows) - renewed - len(unreadable), tuple(unreadable))


def record(context: Context, renewed: int) -> None:
    """Write down that secrets were encrypted anew."""
    audit.record(context, "keys.rotated", count=renewed)
