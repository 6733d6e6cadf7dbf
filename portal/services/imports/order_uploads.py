"""Order files that employees upload, look at and confirm. A worker checks and imports them (`order_upload_queue.py`).

Each step is guarded by the state it begins in, so that whoever presses a button twice, or two who press it at once, do
it once (RELIABILITY R12).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from portal.mail.outbox import wake
from portal.models.base import db
from portal.models.database import affected, connection
from portal.models.order import ImportRun, Shop
from portal.models.order_upload import OrderUpload
from portal.models.staff import Staff
from portal.rules.context import Context
from portal.rules.errors import NotFound, Problem, RuleBroken
from portal.services.auditing import audit
from portal.services.imports import order_upload_files
from portal.services.imports.formats import FORMATS
from portal.services.imports.order_upload_files import Stored
from portal.services.imports.shops import shop_code

LIFETIME = timedelta(days=1)
# Files that wait at once, so that a day of uploads fills no disk.
MOST_WAITING = 20
RECENT = 20
NEW_SHOP = "+"
_SHOP = func.coalesce(Shop.name, OrderUpload.shop).label("shop_name")
_SHOWN = (
    select(OrderUpload.__table__, Staff.name.label("staff"), _SHOP)
    .join(Staff, Staff.id == OrderUpload.staff_id)
    .outerjoin(Shop, Shop.code == OrderUpload.shop)
)


@dataclass(frozen=True)
class Choice:
    """What is chosen beside the file: the shop by its code or a new name, and the format."""

    shop: str
    file_format: str


def shops(context: Context) -> list[tuple[str, str]]:
    """The shops there are, as (code, name)."""
    rows = connection().execute(select(Shop.code, Shop.name).order_by(Shop.name, Shop.id)).all()
    return [(row.code, row.name) for row in rows]


def check_choice(context: Context, *, shop: str, new_shop: str, file_format: str, has_file: bool) -> Choice:
    """What the form says. Raises `RuleBroken` naming every field that is not filled as it must be."""
    problems = []
    name = new_shop if shop == NEW_SHOP else shop
    if shop == NEW_SHOP:
        try:
            shop_code(new_shop)
        except RuleBroken:
            problems.append(Problem("new_shop", "imports.shop_name"))
    elif shop not in {code for code, _ in shops(context)}:
        problems.append(Problem("shop", "imports.shop_required"))
    if file_format not in FORMATS:
        problems.append(Problem("file_format", "imports.format_required"))
    if not has_file:
        problems.append(Problem("orders_file", "imports.file_required"))
    if problems:
        raise RuleBroken(*problems)
    return Choice(name, file_format)


def refuse_too_many(context: Context) -> None:
    """Raise `RuleBroken` while as many files wait as may."""
    waiting = select(func.count()).select_from(OrderUpload).where(OrderUpload.content.is_not(None))
    if connection().execute(waiting).scalar_one() >= MOST_WAITING:
        raise RuleBroken.of("orders_file", "imports.too_many", maximum=MOST_WAITING)


def add(context: Context, stored: Stored, choice: Choice) -> None:
    """Let a file wait to be checked."""
    values = {
        "uuid": stored.uuid,
        "staff_id": context.actor.id,
        "content": stored.uuid.hex,
        "shop": choice.shop,
        "file_format": choice.file_format,
        "size": stored.size,
        "digest": stored.digest,
        "state": "waiting",
        "attempts": 0,
        "created_at": context.now,
    }
    made = db.session.execute(insert(OrderUpload).values(**values).returning(OrderUpload.id)).scalar_one()
    audit.record(context, "orders.file_uploaded", upload=made, format=choice.file_format, bytes=stored.size)
    wake()


def find(context: Context, name: uuid.UUID) -> Any:
    """An upload with the names of its employee and shop. Raises `NotFound`."""
    row = connection().execute(_SHOWN.where(OrderUpload.uuid == name)).first()
    if row is None:
        raise NotFound
    return row


def current(context: Context) -> Sequence[Any]:
    """The uploads of the last day, newest first."""
    return connection().execute(_SHOWN.order_by(OrderUpload.id.desc()).limit(2 * MOST_WAITING)).all()


def runs(context: Context) -> Sequence[Any]:
    """The latest imports that changed something, from wherever they came, newest first."""
    by_staff = and_(ImportRun.actor_kind == "staff", Staff.id == ImportRun.actor_id)
    statement = (
        select(ImportRun.__table__, Shop.name.label("shop_name"), Staff.name.label("staff"))
        .join(Shop, Shop.id == ImportRun.shop_id)
        .outerjoin(Staff, by_staff)
        .order_by(ImportRun.started_at.desc(), ImportRun.id.desc())
    )
    return connection().execute(statement.limit(RECENT)).all()


def changes_something(upload: Any) -> bool:
    """Whether importing a checked file would change the register, or has: without that there is nothing to confirm."""
    return bool(upload.added or upload.changed)


def note_preview(context: Context, upload: Any) -> None:
    """Note that an employee looked at what a file holds."""
    audit.record(context, "orders.file_previewed", upload=upload.id)


def note_download(context: Context, upload: Any) -> None:
    """Note that an employee took the list of what is wrong."""
    audit.record(context, "orders.problems_downloaded", upload=upload.id, count=upload.problems)


def confirm(context: Context, upload: Any) -> bool:
    """Have a checked file imported. False when it was confirmed, thrown away or imported already, and for one that
    would change nothing."""
    ready = update(OrderUpload).where(
        OrderUpload.id == upload.id, OrderUpload.state == "ready", OrderUpload.added + OrderUpload.changed > 0
    )
    values = {"state": "confirmed", "confirmed_by_id": context.actor.id, "attempts": 0, "claimed_until": None}
    if not affected(ready.values(**values)):
        return False
    audit.record(context, "orders.import_confirmed", upload=upload.id)
    wake()
    return True


def discard(context: Context, name: uuid.UUID) -> bool:
    """Throw a file away; its bytes go after the commit. False while it is being imported and afterwards."""
    row = db.session.execute(
        select(OrderUpload.id, OrderUpload.state).where(OrderUpload.uuid == name).with_for_update()
    ).first()
    if row is None:
        return True
    if row.state in ("confirmed", "imported"):
        return False
    db.session.execute(delete(OrderUpload).where(OrderUpload.id == row.id))
    audit.record(context, "orders.file_discarded", upload=row.id)
    return True


def purge(context: Context) -> int:
    """Delete uploads after a day, but not what a worker has just now; `sweep` takes the bytes. Returns how many."""
    idle = or_(OrderUpload.claimed_until.is_(None), OrderUpload.claimed_until < context.now)
    return affected(delete(OrderUpload).where(OrderUpload.created_at < context.now - LIFETIME, idle))


def sweep(context: Context) -> int:
    """Delete what lies on the disk without a row, or for a row that is done with it. Returns how many."""
    known = db.session.execute(select(OrderUpload.uuid).where(OrderUpload.content.is_not(None))).scalars().all()
    # A request may have written its file and not yet its row.
    return order_upload_files.sweep(known, context.now, timedelta(hours=1))
