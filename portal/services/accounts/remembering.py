"""Staying logged in for a month: a family of values, one for each browser that a customer has remembered (SECURITY 21).

The cookie holds a name, which stays, and a secret, which changes at each use. A secret that is not the one in use means
that the cookie was copied: the browser is forgotten, and the owner is told.

Two tabs that open at once send the same secret, and an answer may be lost on its way. So the secret just before the one
in use is taken for a minute longer. The next secret, the session and the form's secret are keyed hashes of the secret
that was sent: whoever sends it again within that minute gets the very same ones, and there is nothing to tell apart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from portal.mail import accounts as mail
from portal.models.account import Account
from portal.models.base import db
from portal.models.database import affected, connection
from portal.models.session import RememberedDevice
from portal.rules.clock import DRIFT
from portal.rules.context import Context, Visitor
from portal.services.accounts import accounts, known_devices, sessions
from portal.services.auditing import audit
from portal.services.foundation.keys import lookup_hash

LIFE = timedelta(days=30)
# Long enough for tabs that open together and for one press of "reload", short enough to be of no use to a thief.
GRACE = timedelta(minutes=1)
NAME_BYTES, SECRET_BYTES = 16, 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{64}", re.ASCII)


@dataclass(frozen=True)
class Value:
    """What the cookie says, not yet proven."""

    name: bytes
    secret: bytes

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(self.name + self.secret).decode("ascii")

    def following(self) -> Value:
        """The value that comes after this one."""
        return Value(self.name, self.derived("next"))

    def derived(self, what: str) -> bytes:
        """What follows from the secret, and from it alone, for whoever has the portal's key."""
        return lookup_hash("remembered", what, self.secret.hex())


@dataclass(frozen=True)
class Resumed:
    """A session that goes on: its random id, the cookie's next value and its remaining seconds, and the secret of the
    forms, which must not be the one that was in the browser before (SECURITY 19)."""

    session: str
    value: str
    seconds: int
    form_secret: str


def begin(context: Context, account_id: int, visitor: Visitor) -> tuple[int, str]:
    """Remember the visitor's browser after a complete log-in. Returns the row number and the value for the cookie."""
    value = Value(secrets.token_bytes(NAME_BYTES), secrets.token_bytes(SECRET_BYTES))
    statement = insert(RememberedDevice).values(
        name_hash=_hash(value.name),
        secret_hash=_hash(value.secret),
        previous_hash=None,
        rotated_at=context.now,
        account_id=account_id,
        created_at=context.now,
        last_used_at=context.now,
        address=visitor.coarse_address,
        device=visitor.device,
    )
    device_id = db.session.execute(statement.returning(RememberedDevice.id)).scalar_one()
    return device_id, str(value)


def is_known(text: str) -> bool:
    """Whether the cookie names a browser that is remembered; a look that costs no lock."""
    value = _read(text)
    if value is None:
        return False
    known = select(RememberedDevice.id).where(RememberedDevice.name_hash == _hash(value.name))
    return connection().execute(known).first() is not None


def resume(context: Context, text: str, visitor: Visitor) -> Resumed | None:
    """Let a remembered browser go on, or return None; a value that was used before ends its family."""
    value = _read(text)
    row = _lock(context, value) if value else None
    if value is None or row is None or row.disabled_at is not None:
        return None
    if not -DRIFT <= context.now - row.created_at < LIFE:
        return None
    if hmac.compare_digest(row.secret_hash, _hash(value.secret)):
        return _go_on(context, row, value, visitor)
    if _was_just_used(context, row, value):
        return _again(context, row, value, visitor)
    _revoke(context, row)
    return None


def forget(context: Context, text: str) -> None:
    """Forget the browser behind a cookie, if its secret is or was the right one."""
    value = _read(text)
    row = _lock(context, value) if value else None
    if value is not None and row is not None and _hash(value.secret) in (row.secret_hash, row.previous_hash):
        db.session.execute(delete(RememberedDevice).where(RememberedDevice.id == row.id))


def purge(context: Context) -> int:
    """Delete browsers whose month is over. Returns how many."""
    return affected(delete(RememberedDevice).where(RememberedDevice.created_at < context.now - LIFE))


def _go_on(context: Context, row: Row[Any], value: Value, visitor: Visitor) -> Resumed:
    following, token = value.following(), _token(value)
    db.session.execute(
        update(RememberedDevice)
        .where(RememberedDevice.id == row.id)
        .values(
            secret_hash=_hash(following.secret),
            previous_hash=_hash(value.secret),
            rotated_at=context.now,
            last_used_at=context.now,
            address=visitor.coarse_address,
            device=visitor.device,
        )
    )
    session_id = sessions.resume_customer(context, row.account_id, visitor, device_id=row.id, token=token)
    owner = accounts.get(context, row.account_id)
    # Networks change with every journey; another kind of browser under the same cookie is worth a word.
    known = known_devices.of_account(row.account_id)
    moved = visitor.device != row.device and known_devices.note(context, known, visitor)
    if moved:
        mail.new_device(context, owner.recipient, session_id)
    audit.record(context, "account.resumed", customer_id=owner.customer_id, new_device=moved)
    return _resumed(context, row, value, token)


def _again(context: Context, row: Row[Any], value: Value, visitor: Visitor) -> Resumed:
    """The same answer once more, to a second tab or to a browser that never got the first one."""
    token = _token(value)
    if sessions.number_of(token) is None:
        # It has a new id by now, or was ended; the browser may begin another one.
        token = secrets.token_urlsafe(32)
        sessions.resume_customer(context, row.account_id, visitor, device_id=row.id, token=token)
    return _resumed(context, row, value, token)


def _resumed(context: Context, row: Row[Any], value: Value, token: str) -> Resumed:
    left = row.created_at + LIFE - context.now
    return Resumed(token, str(value.following()), int(left.total_seconds()), value.derived("forms").hex())


def _revoke(context: Context, row: Row[Any]) -> None:
    """Somebody has a copy of the cookie: forget the browser, end its sessions and tell the owner."""
    db.session.execute(delete(RememberedDevice).where(RememberedDevice.id == row.id))
    owner = accounts.get(context, row.account_id)
    mail.remembered_reused(context, owner.recipient)
    audit.record(context, "account.remembered_reused", customer_id=owner.customer_id)


def _was_just_used(context: Context, row: Row[Any], value: Value) -> bool:
    same = row.previous_hash is not None and hmac.compare_digest(row.previous_hash, _hash(value.secret))
    return same and abs(context.now - row.rotated_at) <= GRACE


def _lock(context: Context, value: Value) -> Any:
    """The row of the cookie's browser, locked after its account, so that two tabs come one after the other."""
    named = select(RememberedDevice.account_id).where(RememberedDevice.name_hash == _hash(value.name))
    account_id = db.session.execute(named).scalar()
    if account_id is None or accounts.lock(context, account_id) is None:
        return None
    found = (
        select(*RememberedDevice.__table__.columns, Account.disabled_at)
        .join_from(RememberedDevice, Account, RememberedDevice.account_id == Account.id)
        .where(RememberedDevice.name_hash == _hash(value.name))
        .with_for_update(of=RememberedDevice)
    )
    return db.session.execute(found).first()


def _read(text: str) -> Value | None:
    if not _SHAPE.fullmatch(text):
        return None
    raw = base64.urlsafe_b64decode(text)
    return Value(raw[:NAME_BYTES], raw[NAME_BYTES:])


def _token(value: Value) -> str:
    return base64.urlsafe_b64encode(value.derived("session")).rstrip(b"=").decode("ascii")


def _hash(part: bytes) -> bytes:
    return hashlib.sha256(part).digest()
