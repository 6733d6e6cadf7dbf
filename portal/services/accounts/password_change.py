"""A customer's new password: stored, told to the owner, and what the old one opened is ended (SECURITY 22)."""

from __future__ import annotations

from sqlalchemy import update

from portal.mail import accounts as mail
from portal.models.account import Account
from portal.models.base import db
from portal.rules.context import Context
from portal.services.accounts import accounts, new_passwords, sessions
from portal.services.auditing import audit
from portal.services.foundation import links


def check(context: Context, account_id: int, password: str) -> None:
    """Raise `RuleBroken` that says why the password cannot be this person's. Slow: call it outside any transaction."""
    new_passwords.check(password, accounts.get(context, account_id).own_words)


def change(context: Context, account_id: int, password_hash: str, *, keep_session: int) -> None:
    """Change the password from inside the account; the session it is done in goes on."""
    store(context, account_id, password_hash, keep_session=keep_session)
    audit.record(context, "account.password_changed", customer_id=accounts.get(context, account_id).customer_id)


def store(context: Context, account_id: int, password_hash: str, *, keep_session: int | None = None) -> None:
    """Store the hash, end other sessions and links to a new password, and tell the owner."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(password_hash=password_hash, password_changed_at=context.now)
    )
    sessions.end_all_customer(context, account_id, but=keep_session)
    links.end_resets(context, account_id)
    mail.password_changed(context, accounts.get(context, account_id).recipient)
