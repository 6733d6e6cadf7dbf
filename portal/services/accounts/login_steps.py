"""Between the two factors of a customer's log-in: the password was right, the code is still to come (SECURITY 15)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, insert, select

from portal.models.account import Account
from portal.models.base import db
from portal.models.database import affected, connection
from portal.models.factor import LoginStep
from portal.rules.clock import DRIFT
from portal.rules.context import Context, Visitor
from portal.rules.errors import NotFound
from portal.services.accounts import accounts, admission, customer_factor
from portal.services.accounts.admission import Opened

LIFE = timedelta(minutes=10)


def begin(context: Context, account_id: int) -> str:
    """Keep that the password was right. Returns the random id for the browser; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": _hash(token), "account_id": account_id, "created_at": context.now}
    db.session.execute(insert(LoginStep).values(**row))
    return token


def account_of(context: Context, token: str | None) -> int:
    """The account whose second factor is asked for. Raises `NotFound` when the step was taken, ended or took long."""
    found = (
        select(LoginStep.account_id)
        .join(Account, LoginStep.account_id == Account.id)
        .where(
            LoginStep.token_hash == _hash(token or ""),
            LoginStep.created_at > context.now - LIFE,
            LoginStep.created_at <= context.now + DRIFT,
            Account.disabled_at.is_(None),
        )
    )
    account_id = connection().execute(found).scalar()
    if account_id is None:
        raise NotFound
    return account_id


def finish(context: Context, token: str, code: str, visitor: Visitor, *, remember: bool) -> Opened:
    """Take the step with a code, and begin the session. Raises `NotFound`, and `RuleBroken` naming `code`."""
    account_id = account_of(context, token)
    customer_factor.use_code(context, account_id, code)
    return pass_on(context, token, visitor, remember=remember)


def pass_on(context: Context, token: str, visitor: Visitor, *, remember: bool) -> Opened:
    """Begin the session after whatever proved the person. Raises `NotFound` when another request was first."""
    taken = delete(LoginStep).where(LoginStep.token_hash == _hash(token)).returning(LoginStep.account_id)
    account_id = db.session.execute(taken).scalar()
    if account_id is None:
        raise NotFound
    return admission.admit(context, accounts.get(context, account_id), visitor, remember=remember)


def purge(context: Context) -> int:
    """Delete steps that were never taken. Returns how many."""
    return affected(delete(LoginStep).where(LoginStep.created_at < context.now - LIFE))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
