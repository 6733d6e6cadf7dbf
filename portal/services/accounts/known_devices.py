"""From where somebody logs in: a browser, system and network that were never seen before are told to the owner.

The pair of device and coarse network is kept as a keyed hash. The very first log-in makes the first known device, and
has nothing to differ from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from portal.models.account import KnownDevice
from portal.models.base import db
from portal.models.staff import StaffKnownDevice
from portal.rules.context import Context, Visitor
from portal.services.foundation.keys import lookup_hash


@dataclass(frozen=True)
class Owner:
    """Whose devices: what is hashed to name the owner, the table they are in, and its column of the owner."""

    name: tuple[str, ...]
    id: int
    table: Any
    column: Any


def of_account(account_id: int) -> Owner:
    """The devices of a customer."""
    return Owner((str(account_id),), account_id, KnownDevice, KnownDevice.account_id)


def of_staff(staff_id: int) -> Owner:
    """The devices of an employee."""
    return Owner(("staff", str(staff_id)), staff_id, StaffKnownDevice, StaffKnownDevice.staff_id)


def note(context: Context, owner: Owner, visitor: Visitor) -> bool:
    """Remember the visitor's device. Returns whether it is new to somebody who has used others."""
    device = lookup_hash("device", *owner.name, visitor.device, visitor.coarse_address)
    table, own = owner.table, owner.column == owner.id
    seen = db.session.execute(
        update(table).where(own, table.device_hash == device).values(last_used_at=context.now).returning(owner.column)
    )
    if seen.first() is not None:
        return False
    others = db.session.execute(select(func.count()).select_from(table).where(own)).scalar_one()
    row = {owner.column.key: owner.id, "device_hash": device, "last_used_at": context.now}
    db.session.execute(insert(table).values(**row))
    return others > 0
