"""What a worker does with uploaded order files: it checks one by importing it without keeping anything, and imports it
for good once an employee has confirmed. Both go the one way by which every order enters the register.

A worker holds a file for a while and no longer. That the file was imported is written with its orders, in the one
transaction: whatever is killed in between, a confirmed file is imported once (RELIABILITY R1, R12).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, or_, select, update

from portal.mail.outbox import wake
from portal.models.base import db
from portal.models.database import affected, connection
from portal.models.order_upload import OrderUpload
from portal.rules.context import Actor, Context
from portal.services.auditing import audit
from portal.services.imports import order_upload_files
from portal.services.imports.details import details_of
from portal.services.imports.prepared import Prepared
from portal.services.imports.received import ORDER_FIELDS, Received
from portal.services.imports.write import Imported, write

CLAIM = timedelta(minutes=10)
ATTEMPTS = 3
SAMPLE = 5
_DUE = ("waiting", "confirmed")


@dataclass(frozen=True)
class Claimed:
    """A file that this worker has, and for whom it works."""

    id: int
    uuid: uuid.UUID
    shop: str
    file_format: str
    digest: bytes
    confirmed: bool
    staff_id: int

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return order_upload_files.path_of(self.uuid)

    @property
    def actor(self) -> Actor:
        """The employee: the worker only carries out what they asked for."""
        return Actor("staff", self.staff_id)


def is_due(context: Context) -> bool:
    """Whether any file waits for a worker."""
    return connection().execute(select(OrderUpload.id).where(*_due(context)).limit(1)).first() is not None


def claim(context: Context) -> Claimed | None:
    """The file that has waited longest, for this worker. One that broke every worker that began it is given up."""
    given_up = update(OrderUpload).where(*_due(context), OrderUpload.attempts >= ATTEMPTS)
    db.session.execute(given_up.values(state="failed", settled_at=context.now, claimed_until=None))
    oldest = select(OrderUpload).where(*_due(context)).order_by(OrderUpload.created_at, OrderUpload.id).limit(1)
    row = db.session.scalars(oldest.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    row.claimed_until = context.now + CLAIM
    row.attempts += 1
    confirmed = row.state == "confirmed"
    staff_id = row.confirmed_by_id if confirmed and row.confirmed_by_id is not None else row.staff_id
    return Claimed(row.id, row.uuid, row.shop, row.file_format, row.digest, confirmed, staff_id)


def carry_out(context: Context, claimed: Claimed, prepared: Prepared) -> Imported | None:
    """Import a file for good, or for a look at what it would do. None when somebody else did, or threw it away.

    Raises what `write` raises; the caller's transaction must then be rolled back.
    """
    if claimed.confirmed:
        here = update(OrderUpload).where(OrderUpload.id == claimed.id, OrderUpload.state == "confirmed")
        if not affected(here.values(state="imported", settled_at=context.now, content=None, claimed_until=None)):
            return None
    options = {"shop": claimed.shop, "file_format": claimed.file_format, "dry_run": not claimed.confirmed}
    imported = write(context, prepared, **options)  # type: ignore[arg-type]  # one mapping of both kinds
    db.session.execute(update(OrderUpload).where(OrderUpload.id == claimed.id).values(**asdict(imported)))
    return imported


def make_ready(context: Context, claimed: Claimed, imported: Imported) -> None:
    """Note what importing the file would do."""
    if _settle(context, claimed, "ready", **asdict(imported)):
        audit.record(context, "orders.file_checked", upload=claimed.id, problems=0)


def refuse(context: Context, claimed: Claimed, problems: int) -> None:
    """Note that the file is not good enough."""
    if _settle(context, claimed, "refused", problems=problems, settled_at=context.now):
        audit.record(context, "orders.file_checked", upload=claimed.id, problems=problems)


def give_up(context: Context, claimed: Claimed) -> None:
    """The file on the disk is gone, or another than the one that was uploaded: it is never imported."""
    _settle(context, claimed, "failed", settled_at=context.now)


@dataclass(frozen=True)
class Retried:
    """How many failed files wait again, and how many lie on the disk no more: those are uploaded again."""

    waiting: int
    gone: int


def try_again(context: Context) -> Retried:
    """Put every failed file back in line where it was: to be checked, or to be imported if that was confirmed."""
    failed = select(OrderUpload.id, OrderUpload.uuid, OrderUpload.confirmed_by_id).where(OrderUpload.state == "failed")
    waiting = gone = 0
    for row in db.session.execute(failed.order_by(OrderUpload.id).with_for_update()).all():
        if not order_upload_files.path_of(row.uuid).is_file():
            gone += 1
            continue
        state = "waiting" if row.confirmed_by_id is None else "confirmed"
        here = update(OrderUpload).where(OrderUpload.id == row.id)
        waiting += affected(here.values(state=state, attempts=0, claimed_until=None, settled_at=None))
    if waiting:
        wake()
    return Retried(waiting, gone)


def counts(context: Context) -> dict[str, int]:
    """How many uploaded files there are in each state."""
    rows = connection().execute(select(OrderUpload.state, func.count()).group_by(OrderUpload.state)).all()
    return {row[0]: row[1] for row in rows}


def sample_of(prepared: Prepared) -> list[dict[str, Any]]:
    """The beginning of the orders, as a page shows them."""
    return [_shown(order) for order in islice(_orders(prepared), SAMPLE)]


def _orders(prepared: Prepared) -> Iterator[Received]:
    return iter(prepared.orders)


def _shown(order: Received) -> dict[str, Any]:
    stored = dict(zip(ORDER_FIELDS, order[4], strict=True))
    first, last, company, *_ = details_of(order)
    names = ("placed_at", "status", "gross", "currency", "first_product", "line_count")
    own = {"number": order[1], "customer": f"{first} {last}".strip() or company}
    return own | {name: stored[name] for name in names}


def _settle(context: Context, claimed: Claimed, state: str, **values: Any) -> bool:
    """Whether the file still waited: an employee may have thrown it away, or another worker been first."""
    before = "confirmed" if claimed.confirmed else "waiting"
    here = update(OrderUpload).where(OrderUpload.id == claimed.id, OrderUpload.state == before)
    return affected(here.values(state=state, attempts=0, claimed_until=None, **values)) > 0


def _due(context: Context) -> tuple[Any, ...]:
    free = or_(OrderUpload.claimed_until.is_(None), OrderUpload.claimed_until < context.now)
    return OrderUpload.state.in_(_DUE), free
