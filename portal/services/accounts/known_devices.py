"""From where an account is used: a browser, system and network that were never seen before are told to the owner.

The pair of device and coarse network is kept as a keyed hash. The very first log-in of an account makes the first
known device, and has nothing to differ from.
"""

from __future__ import annotations

from sqlalchemy import func, insert, select, update

from portal.models.account import KnownDevice
from portal.models.base import db
from portal.rules.context import Context, Visitor
from portal.services.foundation.keys import lookup_hash


def note(context: Context, account_id: int, visitor: Visitor) -> bool:
    """Remember the visitor's device. Returns whether it is new to an account that knows others."""
    device = lookup_hash("device", str(account_id), visitor.device, visitor.coarse_address)
    seen = db.session.execute(
        update(KnownDevice)
        .where(KnownDevice.account_id == account_id, KnownDevice.device_hash == device)
        .values(last_used_at=context.now)
        .returning(KnownDevice.account_id)
    )
    if seen.first() is not None:
        return False
    others = db.session.execute(
        select(func.count()).select_from(KnownDevice).where(KnownDevice.account_id == account_id)
    ).scalar_one()
    db.session.execute(insert(KnownDevice).values(account_id=account_id, device_hash=device, last_used_at=context.now))
    return others > 0
