"""A customer's new password: stored, told to the owner, and what the old one opened is ended (SECURITY 22)."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.mail import accounts as mail
from portal.models.account import Account
from portal.models.base import db
from portal.rules.context import Context, Visitor
from portal.services.accounts import accounts, email_change, new_passwords, sessions
from portal.services.accounts.accounts import KnownAccount
from portal.services.accounts.password_hashes import CorruptHash, verify_password
from portal.services.auditing import audit
from portal.services.foundation import links
from portal.services.foundation.throttle import Attempt


def check(account: KnownAccount, password: str) -> None:
    """Raise `RuleBroken` that says why the password cannot be this person's. Slow: call it outside any transaction."""
    new_passwords.check(password, account.own_words)


def attempts(account: KnownAccount, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before a new password is looked at: judging and hashing it costs as much as a log-in."""
    return (
        Attempt("login_address", "new password", visitor.address),
        Attempt("login_identifier", "new password", str(account.id), account_id=account.id),
        Attempt("login_everyone", "new password", "all"),
    )


def is_present(account: KnownAccount, password: str) -> bool:
    """Whether it is the account's password already. Slow: call it outside any transaction."""
    try:
        return verify_password(password, account.password_hash)
    except CorruptHash:
        # Whatever stood there is replaced.
        return False


def change(context: Context, account: KnownAccount, password_hash: str, *, keep_session: int) -> bool:
    """Change the password from inside the account; the session it is done in goes on. Returns False, and changes
    nothing, when somebody was first since `account` was read: the same form sent twice is one change (SECURITY R12)."""
    present = select(Account.password_hash).where(Account.id == account.id).with_for_update()
    if db.session.execute(present).scalar() != account.password_hash:
        return False
    store(context, account.id, password_hash, keep_session=keep_session)
    audit.record(context, "account.password_changed", customer_id=account.customer_id)
    return True


def store(context: Context, account_id: int, password_hash: str, *, keep_session: int | None = None) -> None:
    """Store the hash, end other sessions and what is under way by mail, and tell the owner."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(password_hash=password_hash, password_changed_at=context.now)
    )
    sessions.end_all_customer(context, account_id, but=keep_session)
    links.end_resets(context, account_id)
    email_change.end_open(context, account_id)
    mail.password_changed(context, accounts.get(context, account_id).recipient)
