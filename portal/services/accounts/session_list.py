"""Where a customer is logged in: a list to read, and ending one or all others (SECURITY 23).

A remembered browser and the sessions it began are one line, for ending only its session would bring it back at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from portal.models.account import Account
from portal.models.base import db
from portal.models.database import affected, connection
from portal.models.session import CustomerSession, RememberedDevice
from portal.rules.context import Context
from portal.rules.errors import NotFound, RuleBroken
from portal.services.accounts import accounts, remembering, sessions
from portal.services.accounts.accounts import NOBODY
from portal.services.auditing import audit

SESSION, DEVICE = "session", "device"
TABLES: dict[str, Any] = {SESSION: CustomerSession, DEVICE: RememberedDevice}
LONGEST_NUMBER = 19


@dataclass(frozen=True)
class Line:
    """One browser: `key` names it in a form, `live` says that a session runs, `remembered_until` is empty for a browser
    that is not remembered."""

    key: str
    device: str
    address: str
    began: datetime
    last_used: datetime
    live: bool
    current: bool
    remembered_until: datetime | None


def read(context: Context, account_id: int, own_session: int | None = None) -> list[Line]:
    """The browsers of an account: one's own first, then the one used last."""
    running, devices = _running(context, account_id), _devices(context, account_id)
    lines = [_line([row], None, own_session) for row in running if row.remembered_device_id is None]
    lines += [
        _line([row for row in running if row.remembered_device_id == device.id], device, own_session)
        for device in devices
    ]
    return sorted(lines, key=lambda line: (line.current, line.last_used), reverse=True)


def account_of(context: Context, customer_id: int) -> int:
    """The account of a customer. Raises `NotFound` when there is none."""
    found = connection().execute(select(Account.id).where(Account.customer_id == customer_id)).scalar()
    if found is None:
        raise NotFound
    return found


def end_one(context: Context, account_id: int, key: str) -> None:
    """End one line of the list; one that is gone already, or somebody else's, changes nothing. Raises `RuleBroken`
    for what names no line."""
    kind, _, number = key.partition("-")
    if kind not in TABLES or not (number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER):
        raise RuleBroken.of("line", "text.required")
    # The account first, as everything that ends its sessions does.
    accounts.lock(context, account_id)
    table = TABLES[kind]
    _write_down(context, account_id, affected(delete(table).where(table.id == int(number), _of(table, account_id))))


def end_others(context: Context, account_id: int, own_session: int) -> None:
    """End everything but the session in use and the browser it belongs to."""
    own = select(CustomerSession.remembered_device_id).where(CustomerSession.id == own_session)
    _end(context, account_id, own_session, db.session.execute(own).scalar() or NOBODY)


def end_everything(context: Context, account_id: int) -> None:
    """End every session and forget every browser, as an employee does at the customer's word."""
    _end(context, account_id, NOBODY, NOBODY)


def _end(context: Context, account_id: int, kept_session: int, kept_device: int) -> None:
    accounts.lock(context, account_id)
    # The sessions of a browser go with it, so that each line counts once.
    devices = delete(RememberedDevice).where(_of(RememberedDevice, account_id), RememberedDevice.id != kept_device)
    rest = delete(CustomerSession).where(_of(CustomerSession, account_id), CustomerSession.id != kept_session)
    _write_down(context, account_id, affected(devices) + affected(rest))


def _write_down(context: Context, account_id: int, ended: int) -> None:
    if ended:
        customer_id = select(Account.customer_id).where(Account.id == account_id)
        audit.record(
            context,
            "account.session_ended",
            customer_id=db.session.execute(customer_id).scalar_one(),
            count=ended,
        )


def _of(table: Any, account_id: int) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.account_id == account_id
    return condition


def _running(context: Context, account_id: int) -> list[Any]:
    columns = (
        CustomerSession.id,
        CustomerSession.remembered_device_id,
        CustomerSession.device,
        CustomerSession.address,
        CustomerSession.created_at,
        CustomerSession.last_seen_at,
    )
    rows = connection().execute(select(*columns).where(_of(CustomerSession, account_id))).all()
    return [row for row in rows if sessions.counts(row.created_at, row.last_seen_at, context.now)]


def _devices(context: Context, account_id: int) -> list[Any]:
    remembered = select(*RememberedDevice.__table__.columns).where(
        _of(RememberedDevice, account_id), RememberedDevice.created_at > context.now - remembering.LIFE
    )
    return list(connection().execute(remembered).all())


def _line(rows: list[Any], device: Any, own_session: int | None) -> Line:
    """One line of the sessions of a browser, the newest use of which counts; a remembered one may have none."""
    latest = max(rows, key=lambda row: row.last_seen_at, default=None)
    shown = latest or device
    assert shown is not None  # noqa: S101 - a line has a session or is remembered
    return Line(
        key=f"{DEVICE}-{device.id}" if device else f"{SESSION}-{shown.id}",
        device=shown.device,
        address=shown.address,
        began=device.created_at if device else shown.created_at,
        last_used=latest.last_seen_at if latest else shown.last_used_at,
        live=latest is not None,
        current=own_session is not None and own_session in {row.id for row in rows},
        remembered_until=device.created_at + remembering.LIFE if device else None,
    )
