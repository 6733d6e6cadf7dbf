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


def before_the_factor(account_id: int) -> Owner:
    """Where a customer's password was given and the second factor was not: such a device is not known yet."""
    return Owner(("password", str(account_id)), account_id, KnownDevice, KnownDevice.account_id)


def of_staff(staff_id: int) -> Owner:
    """The devices of an employee."""
    return Owner(("staff", str(staff_id)), staff_id, StaffKnownDevice, StaffKnownDevice.staff_id)


def note(context: Context, owner: Owner, visitor: Visitor) -> bool:
    """Remember the visitor's device. Returns whether it is new to somebody who has used others."""
    device = _hash(owner.name, visitor)
    table, own = owner.table, owner.column == owner.id
    seen = db.session.execute(
        update(table).where(own, table.device_hash == device).values(last_used_at=context.now).returning(owner.column)
    )
    if seen.first() is not None:
        return False
    # The password that was given here a moment ago is no other device.
    elsewhere = table.device_hash != _hash(("password", *owner.name), visitor)
    others = db.session.execute(select(func.count()).select_from(table).where(own, elsewhere)).scalar_one()
    row = {owner.column.key: owner.id, "device_hash": device, "last_used_at": context.now}
    db.session.execute(insert(table).values(**row))
    return others > 0


def is_known(context: Context, owner: Owner, visitor: Visitor) -> bool:
    """Whether the visitor's device has been noted for the owner."""
    table, device = owner.table, _hash(owner.name, visitor)
    found = select(owner.column).where(owner.column == owner.id, table.device_hash == device)
    return db.session.execute(found).first() is not None


def _hash(name: tuple[str, ...], visitor: Visitor) -> bytes:
    return lookup_hash("device", *name, visitor.device, visitor.coarse_address)
