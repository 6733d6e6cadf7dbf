"""Closing an account: it ends what one logs in with. The customer and the orders stay (decision 10).

For two weeks nothing is deleted, and logging in takes the closing back; then a job deletes the account's row with
everything that hangs on it, as the columns declare. A disabled account waits: nobody can log in to take it back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from portal.mail import accounts as mail
from portal.mail.kinds import CLOSING_GRACE
from portal.models.account import Account
from portal.models.base import db
from portal.rules.context import Context
from portal.services.accounts import accounts, sessions
from portal.services.accounts.accounts import KnownAccount
from portal.services.auditing import audit
from portal.services.choices import interests, usage
from portal.services.foundation import links

# As many as one run of the job closes; the next run goes on.
BATCH = 100


def begin(context: Context, account_id: int) -> None:
    """Ask for the closing. Everybody is logged out; asked again, nothing more happens."""
    asked = db.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.closing_at.is_(None))
        .values(closing_at=context.now)
        .returning(Account.id)
    )
    if asked.first() is None:
        return
    sessions.end_all_customer(context, account_id)
    links.end_resets(context, account_id)
    owner = accounts.get(context, account_id)
    mail.account_closing(context, owner.recipient)
    audit.record(context, "account.closing_asked", customer_id=owner.customer_id)


def take_back(context: Context, account: KnownAccount) -> bool:
    """The owner has logged in: the account stays. Returns whether it was being closed."""
    kept = db.session.execute(
        update(Account)
        .where(Account.id == account.id, Account.closing_at.is_not(None))
        .values(closing_at=None)
        .returning(Account.id)
    )
    if kept.first() is None:
        return False
    mail.account_kept(context, account.recipient)
    audit.record(context, "account.closing_taken_back", customer_id=account.customer_id)
    return True


def end_of(asked: datetime) -> datetime:
    """When an account whose closing was asked for at that moment is deleted."""
    return asked + CLOSING_GRACE


def close_due(context: Context) -> int:
    """Delete the accounts whose two weeks are over. Returns how many."""
    over = (Account.closing_at <= context.now - CLOSING_GRACE, Account.disabled_at.is_(None))
    due = select(Account.id).where(*over).order_by(Account.id).limit(BATCH)
    closed = list(db.session.execute(due.with_for_update(skip_locked=True)).scalars())
    for account_id in closed:
        owner = accounts.get(context, account_id)
        mail.account_closed(context, owner.recipient)
        audit.record(context, "account.closed", customer_id=owner.customer_id)
        db.session.execute(delete(Account).where(Account.id == account_id))
        # What served the pages of the account alone.
        interests.forget(context, owner.customer_id)
        usage.delete_all(context, owner.customer_id)
    return len(closed)
