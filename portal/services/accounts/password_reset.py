"""A forgotten password: a link to the account's address, one hour, once (SECURITY 8, 13, 15, 16)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, insert, literal, select, update

from portal.mail import accounts as mail
from portal.mail.links import LIFE, LinkPurpose
from portal.models.account import Account, PasswordReset
from portal.models.base import db
from portal.models.database import connection
from portal.models.message import Message
from portal.rules.clock import DRIFT
from portal.rules.context import Context, Visitor
from portal.rules.email_identity import check_email
from portal.rules.errors import RuleBroken
from portal.services.accounts import accounts, password_change
from portal.services.accounts.accounts import NOBODY, KnownAccount
from portal.services.auditing import audit
from portal.services.foundation import links
from portal.services.foundation.links import LinkEnded
from portal.services.foundation.throttle import Attempt

# The same form sent again within this time is the same press of the button: no second mail, and the first link works.
# An employee's press is never the customer's: a wish of the owner or a stranger keeps back nothing that they send.
SAME_PRESS = timedelta(seconds=60)

# The mail of a link was written at the same moment, and its kind says who asked.
_MAILED = (Message.customer_id == Account.customer_id, Message.created_at == PasswordReset.created_at)


def attempts(email: str, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count: the address asked for, known or not, and the network address it is asked from.

    Raises `RuleBroken` when the text is no e-mail address.
    """
    return (
        Attempt("login_address", "reset", visitor.address),
        Attempt("password_reset", "address", check_email(email).identity),
    )


def request(context: Context, email: str) -> None:
    """Mail a link when the address belongs to a customer's usable account; do nothing visible otherwise.

    Employees' accounts are in a table of their own and cannot be reset by mail; strangers get no mail at all. For them,
    for a disabled account and for a form that was sent again the database gets the same statements, which then change
    nothing, so that neither the answer nor the time it takes tells who has an account (SECURITY 8).
    """
    account = accounts.find(context, check_email(email).identity)
    usable = account if account is not None and account.disabled_at is None else None
    account_id = usable.id if usable else NOBODY
    # The lock makes the same form sent twice at once one wish (SECURITY 13, R12).
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update()).first()
    wanted = None if _asked_just_now(context, account_id) else usable
    links.end_resets(context, wanted.id if wanted else NOBODY)
    reset_id = _keep(context, wanted.id if wanted else NOBODY)
    mail.reset_password(context, wanted.recipient if wanted else None, reset_id)
    audit.record(context, "account.password_reset_requested", customer_id=account.customer_id if account else None)


def startable(context: Context, customer_id: int) -> KnownAccount:
    """The account whose owner an employee may have a link mailed to (SECURITY 16). What follows is what the owner's own
    wish leads to: the same counters, the same mail, the same link. Raises `RuleBroken` that says why there is none.
    """
    account = accounts.of_customer(context, customer_id)
    if account is None:
        raise RuleBroken.of(None, "password_link.no_account")
    if account.disabled_at is not None:
        raise RuleBroken.of(None, "password_link.disabled")
    return account


def latest(context: Context, account_id: int) -> list[tuple[str, datetime]]:
    """When the newest links of an account were sent, the newest first: one that an employee sent and one that somebody
    asked for at the log-in, each by the kind of its mail."""
    newest = (
        select(Message.kind, func.max(PasswordReset.created_at))
        .join_from(PasswordReset, Account, PasswordReset.account_id == Account.id)
        .join(Message, and_(*_MAILED, Message.kind.in_(mail.RESET_KINDS)))
        .where(PasswordReset.account_id == account_id)
        .group_by(Message.kind)
        .order_by(func.max(PasswordReset.created_at).desc(), Message.kind)
    )
    return [(row[0], row[1]) for row in connection().execute(newest)]


def account_of(context: Context, reset_id: int) -> int:
    """The account a link opens. Raises `LinkEnded` when the link was used or ended, or the account disabled."""
    alive = PasswordReset.ended_at.is_(None), Account.disabled_at.is_(None)
    link = select(Account.id).join_from(PasswordReset, Account, PasswordReset.account_id == Account.id)
    found = connection().execute(link.where(PasswordReset.id == reset_id, *alive)).scalar()
    if found is None:
        raise LinkEnded
    return found


def finish(context: Context, reset_id: int, password_hash: str) -> None:
    """Use the link up and store the new password. All sessions end, and none begins.

    Raises `LinkEnded` when another request was first, or the account was disabled meanwhile.
    """
    account = accounts.lock(context, account_of(context, reset_id))
    if account is None or account.disabled_at is not None:
        raise LinkEnded
    used = db.session.execute(
        update(PasswordReset)
        .where(PasswordReset.id == reset_id, PasswordReset.ended_at.is_(None))
        .values(ended_at=context.now)
        .returning(PasswordReset.id)
    ).first()
    if used is None:
        raise LinkEnded
    password_change.store(context, account.id, password_hash)
    audit.record(context, "account.password_reset", customer_id=account.customer_id)


def _asked_just_now(context: Context, account_id: int) -> bool:
    mailed = exists().where(*_MAILED, Message.kind == mail.reset_kind(context))
    same = (
        select(PasswordReset.id)
        .join(Account, PasswordReset.account_id == Account.id)
        .where(
            PasswordReset.account_id == account_id,
            PasswordReset.ended_at.is_(None),
            PasswordReset.created_at > context.now - SAME_PRESS,
            PasswordReset.created_at <= context.now + DRIFT,
            mailed,
        )
    )
    return db.session.execute(same.limit(1)).first() is not None


def _keep(context: Context, account_id: int) -> int | None:
    """Keep the wish and return its number; for nobody the statement finds no account to keep one for."""
    row = {
        "nonce": links.new_nonce(),
        "created_at": context.now,
        "expires_at": context.now + LIFE[LinkPurpose.RESET_PASSWORD],
    }
    values = (literal(value, PasswordReset.__table__.c[name].type) for name, value in row.items())
    owner = select(Account.id, *values).where(Account.id == account_id)
    kept = insert(PasswordReset).from_select(["account_id", *row], owner).returning(PasswordReset.id)
    return db.session.execute(kept).scalar()
