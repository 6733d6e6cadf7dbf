"""Server-side sessions: the cookie holds a random id, the database its hash (SECURITY 18–20, 22)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, delete, func, insert, select, update

from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import affected, connection
from portal.models.factor import LoginStep
from portal.models.session import CustomerSession, RememberedDevice, StaffSession
from portal.models.staff import Staff
from portal.rules import employment
from portal.rules.clock import DRIFT
from portal.rules.consents import USAGE, Rule, permitted
from portal.rules.context import Context, Visitor
from portal.rules.register import Retention
from portal.services.auditing import audit
from portal.services.choices import consents

CUSTOMER_IDLE = timedelta(minutes=60)
CUSTOMER_ABSOLUTE = timedelta(hours=24)
STAFF_IDLE = timedelta(minutes=15)
STAFF_ABSOLUTE = timedelta(hours=8)
FRESH = timedelta(minutes=10)
TOUCH_EVERY = timedelta(seconds=60)


@dataclass(frozen=True)
class Principal:
    """Who a request comes from: `id` is the row number of the account or the employee. Flask-Login's `current_user`."""

    kind: Literal["customer", "staff"]
    id: int
    session_id: int
    display_name: str
    authenticated_at: datetime | None
    last_seen_at: datetime
    customer_id: int = 0
    language: str = "fi"
    role: str = ""
    # Whether a customer consents to usage statistics at this moment.
    usage_consented: bool = False
    second_factor: bool = True
    has_second_factor: bool = True
    # The browser that is remembered and whose session this is, if it is one.
    device_id: int | None = None

    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """Flask-Login asks for it; nothing here reads it back."""
        return f"{self.kind}:{self.id}"

    @property
    def forms_belong_to(self) -> str:
        """What the forms of this session are bound to (SECURITY 35): the session, or the remembered browser, for which
        the next session goes on with the forms of the last one. Numbers of rows are never given again."""
        return f"{self.kind} session {self.session_id}" if self.device_id is None else f"browser {self.device_id}"

    def fresh(self, now: datetime) -> bool:
        """Whether the person proved who they are within the last ten minutes (SECURITY 24). A session that a
        remembered browser began proves nothing."""
        return self.authenticated_at is not None and -DRIFT <= now - self.authenticated_at <= FRESH


def start_customer(context: Context, account_id: int, visitor: Visitor, *, device_id: int | None = None) -> str:
    """Begin a session after a complete login. Returns the random id for the cookie; only its hash is kept.

    `device_id` is the remembered browser, if there is one: with it the session ends.
    """
    token = secrets.token_urlsafe(32)
    row = _new_row(context, token, visitor)
    db.session.execute(insert(CustomerSession).values(**row, account_id=account_id, remembered_device_id=device_id))
    return token


def resume_customer(context: Context, account_id: int, visitor: Visitor, *, device_id: int, token: str) -> int:
    """Begin a session under this random id because the browser is remembered: nobody has proved who they are in it.
    Returns its row number."""
    row = {**_new_row(context, token, visitor), "authenticated_at": None}
    statement = insert(CustomerSession).values(**row, account_id=account_id, remembered_device_id=device_id)
    return db.session.execute(statement.returning(CustomerSession.id)).scalar_one()


def number_of(token: str) -> int | None:
    """The row number of a customer's session, or None when there is none of this random id."""
    known = select(CustomerSession.id).where(CustomerSession.token_hash == _hash(token))
    return connection().execute(known).scalar()


def number_of_staff(token: str) -> int:
    """The row number of an employee's session that has just begun."""
    known = select(StaffSession.id).where(StaffSession.token_hash == _hash(token))
    return connection().execute(known).scalar_one()


def start_staff(context: Context, staff_id: int, visitor: Visitor, *, second_factor: bool) -> str:
    """Begin an employee's session. Until the second factor is passed it opens no admin page."""
    token = secrets.token_urlsafe(32)
    passed = context.now if second_factor else None
    db.session.execute(
        insert(StaffSession).values(**_new_row(context, token, visitor), staff_id=staff_id, second_factor_at=passed)
    )
    return token


# One statement for each area, built once; it carries every check, so that a disabled account or an ended session
# acts on the very next request.
_CUSTOMER = (
    select(
        Account.id,
        CustomerSession.id,
        Customer.first_name,
        Customer.last_name,
        CustomerSession.authenticated_at,
        CustomerSession.last_seen_at,
        CustomerSession.created_at,
        Account.customer_id,
        Customer.language,
        consents.latest_action(USAGE, func.coalesce(Customer.merged_into_id, Customer.id)),
        CustomerSession.remembered_device_id,
    )
    .join_from(CustomerSession, Account, CustomerSession.account_id == Account.id)
    .join(Customer, Account.customer_id == Customer.id)
    .where(CustomerSession.token_hash == bindparam("token_hash"), Account.disabled_at.is_(None))
)
_STAFF = (
    select(
        Staff.id,
        StaffSession.id,
        Staff.name,
        StaffSession.authenticated_at,
        StaffSession.last_seen_at,
        StaffSession.created_at,
        Staff.role,
        StaffSession.second_factor_at,
        Staff.totp_seed,
        Staff.employment_ends_on,
    )
    .join_from(StaffSession, Staff, StaffSession.staff_id == Staff.id)
    .where(StaffSession.token_hash == bindparam("token_hash"), Staff.disabled_at.is_(None))
)


def customer_principal(token: str, now: datetime) -> Principal | None:
    """The customer behind a cookie, or None when the session is unknown, idle, too old or the account disabled."""
    row = connection().execute(_CUSTOMER, {"token_hash": _hash(token)}).first()
    if row is None or _over(row[6], row[5], now, CUSTOMER_IDLE, CUSTOMER_ABSOLUTE):
        return None
    return Principal(
        kind="customer",
        id=row[0],
        session_id=row[1],
        display_name=f"{row[2]} {row[3]}".strip(),
        authenticated_at=row[4],
        last_seen_at=row[5],
        customer_id=row[7],
        language=row[8],
        usage_consented=permitted(Rule.OPT_IN, [row[9]] if row[9] else []),
        device_id=row[10],
    )


def staff_principal(token: str, now: datetime) -> Principal | None:
    """The employee behind a cookie, or None; also when the employment has ended (register notice §9)."""
    row = connection().execute(_STAFF, {"token_hash": _hash(token)}).first()
    if row is None or _over(row[5], row[4], now, STAFF_IDLE, STAFF_ABSOLUTE):
        return None
    if employment.is_over(row[9], now):
        return None
    return Principal(
        kind="staff",
        id=row[0],
        session_id=row[1],
        display_name=row[2],
        authenticated_at=row[3],
        last_seen_at=row[4],
        role=row[6],
        second_factor=row[7] is not None,
        has_second_factor=row[8] is not None,
    )


def is_known_staff_token(token: str) -> bool:
    """Whether the cookie once belonged to an employee's session that has not been purged yet: such a browser is sent
    to the log-in page instead of the 404 that strangers get."""
    return (
        connection().execute(select(StaffSession.id).where(StaffSession.token_hash == _hash(token))).first() is not None
    )


def touch(context: Context, principal: Principal) -> None:
    """Move the session's last use to now; called at most once a minute."""
    table = CustomerSession if principal.kind == "customer" else StaffSession
    db.session.execute(update(table).where(table.id == principal.session_id).values(last_seen_at=context.now))


def renew(context: Context, principal: Principal) -> str:
    """Give a session that has just proved itself again a new id (SECURITY 19). Returns it for the cookie."""
    token = secrets.token_urlsafe(32)
    table = CustomerSession if principal.kind == "customer" else StaffSession
    values: dict[str, object] = {
        "token_hash": _hash(token),
        "authenticated_at": context.now,
        "last_seen_at": context.now,
    }
    if principal.kind == "staff":
        values["second_factor_at"] = context.now
    db.session.execute(update(table).where(table.id == principal.session_id).values(**values))
    return token


def end(context: Context, principal: Principal) -> None:
    """Log out: the row goes, so that the cookie's id is worth nothing (SECURITY 18), and with it the remembered
    browser it belongs to (SECURITY 21)."""
    if principal.kind == "customer":
        own = select(CustomerSession.remembered_device_id).where(CustomerSession.id == principal.session_id)
        db.session.execute(delete(RememberedDevice).where(RememberedDevice.id == own.scalar_subquery()))
        db.session.execute(delete(CustomerSession).where(CustomerSession.id == principal.session_id))
        audit.record(context, "account.logout", customer_id=principal.customer_id)
    else:
        db.session.execute(delete(StaffSession).where(StaffSession.id == principal.session_id))
        audit.record(context, "staff.logout", staff_id=principal.id)


def end_all_customer(context: Context, account_id: int, *, but: int | None = None) -> int:
    """End an account's sessions, all or all but one, and forget every browser (SECURITY 22). Returns how many sessions
    were ended."""
    own = CustomerSession.account_id == account_id
    # No row has the number 0.
    ended = affected(delete(CustomerSession).where(own, CustomerSession.id != (but or 0)))
    db.session.execute(update(CustomerSession).where(own).values(remembered_device_id=None))
    # A log-in that waits for its second factor was begun with what has changed now.
    for table in (RememberedDevice, LoginStep):
        db.session.execute(delete(table).where(table.account_id == account_id))
    return ended


def end_all_staff(context: Context, staff_id: int, *, but: int | None = None) -> int:
    """End all sessions of an employee, or all but one. Returns how many."""
    return affected(delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.id != (but or 0)))


def counts(created: datetime, seen: datetime, now: datetime) -> bool:
    """Whether a customer's session that began and was used then has not ended by itself."""
    return not _over(created, seen, now, CUSTOMER_IDLE, CUSTOMER_ABSOLUTE)


def purge(context: Context) -> int:
    """Delete rows of sessions that were last used longer ago than the declared retention. Returns how many."""
    oldest = context.now - timedelta(days=Retention.SESSION.rule.days)
    return sum(affected(delete(table).where(table.last_seen_at < oldest)) for table in (CustomerSession, StaffSession))


def _new_row(context: Context, token: str, visitor: Visitor) -> dict[str, object]:
    return {
        "token_hash": _hash(token),
        "created_at": context.now,
        "last_seen_at": context.now,
        "authenticated_at": context.now,
        "address": visitor.coarse_address,
        "device": visitor.device,
    }


def _over(created: datetime, seen: datetime, now: datetime, idle: timedelta, absolute: timedelta) -> bool:
    return not (-DRIFT <= now - seen <= idle and -DRIFT <= now - created <= absolute)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
