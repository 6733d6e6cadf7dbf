"""A forgotten password: a link to the account's address, one hour, once (SECURITY 8, 13, 15, 16)."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from portal.mail import accounts as mail
from portal.mail import outbox
from portal.mail.links import LIFE, LinkPurpose
from portal.models.account import Account, PasswordReset
from portal.models.base import db
from portal.models.database import connection
from portal.rules.context import Context, Visitor
from portal.rules.email_identity import check_email
from portal.rules.errors import RuleBroken
from portal.services.accounts import accounts, password_change
from portal.services.accounts.accounts import KnownAccount
from portal.services.auditing import audit
from portal.services.foundation import links
from portal.services.foundation.links import LinkEnded
from portal.services.foundation.throttle import Attempt


def attempts(email: str, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count: the address asked for, known or not, and the network address it is asked from.

    Raises `RuleBroken` when the text is no e-mail address.
    """
    return (
        Attempt("password_reset", check_email(email).identity),
        Attempt("login_address", f"reset {visitor.address}"),
    )


def request(context: Context, email: str) -> None:
    """Mail a link when the address belongs to a customer's usable account; do nothing visible otherwise.

    Employees' accounts are in a table of their own and cannot be reset by mail; strangers get no mail at all.
    """
    account = accounts.find(context, check_email(email).identity)
    if account is not None and account.disabled_at is None:
        # The lock makes the same form sent twice at once leave one link that works (SECURITY 13).
        db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update()).one()
        links.end_resets(context, account.id)
        reset_id = db.session.execute(
            insert(PasswordReset)
            .values(
                account_id=account.id,
                nonce=links.new_nonce(),
                created_at=context.now,
                expires_at=context.now + LIFE[LinkPurpose.RESET_PASSWORD],
            )
            .returning(PasswordReset.id)
        ).scalar_one()
        mail.reset_password(context, account.recipient, reset_id)
    # For an unknown address as well, so that the work is alike and the time it takes tells nothing.
    outbox.wake()
    customer_id = account.customer_id if account else None
    audit.record(context, "account.password_reset_requested", customer_id=customer_id)


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


def account_of(context: Context, reset_id: int) -> int:
    """The account a link opens. Raises `LinkEnded` when the link was used or ended."""
    found = (
        connection()
        .execute(select(PasswordReset.account_id).where(PasswordReset.id == reset_id, PasswordReset.ended_at.is_(None)))
        .scalar()
    )
    if found is None:
        raise LinkEnded
    return found


def finish(context: Context, reset_id: int, password_hash: str) -> None:
    """Use the link up and store the new password. All sessions end, and none begins.

    Raises `LinkEnded` when another request was first.
    """
    account_id = db.session.execute(
        update(PasswordReset)
        .where(PasswordReset.id == reset_id, PasswordReset.ended_at.is_(None))
        .values(ended_at=context.now)
        .returning(PasswordReset.account_id)
    ).scalar()
    if account_id is None:
        raise LinkEnded
    password_change.store(context, account_id, password_hash)
    audit.record(context, "account.password_reset", customer_id=accounts.get(context, account_id).customer_id)
