"""Changing the log-in address: asked for, confirmed at the new one, cancelled from the old one (SECURITY 9, 25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.mail import email_changes as mail
from portal.mail.links import LIFE, LinkPurpose
from portal.models.account import Account, EmailChange
from portal.models.base import db
from portal.models.database import connection
from portal.rules.clock import DRIFT
from portal.rules.context import Actor, Context
from portal.rules.email_identity import EmailAddress, check_email
from portal.rules.errors import RuleBroken
from portal.rules.register import Source
from portal.services.accounts import accounts, refused_attempts, sessions
from portal.services.accounts.accounts import KnownAccount
from portal.services.auditing import audit
from portal.services.foundation import links, throttle
from portal.services.foundation.links import LinkEnded
from portal.services.foundation.throttle import Attempt
from portal.services.register import provenance

# The same wish sent again within this time is the same press of the button.
SAME_PRESS = timedelta(seconds=60)
_UNSETTLED = (EmailChange.confirmed_at.is_(None), EmailChange.cancelled_at.is_(None))


class Cancelling(Enum):
    """What the link in the old mailbox can still do."""

    POSSIBLE = "possible"
    DONE = "done"
    TOO_LATE = "too_late"


def request(context: Context, account_id: int, email: str) -> int:
    """Ask for another log-in address. Nothing changes yet, and a taken address looks like any other. Of an account that
    was disabled or deleted meanwhile nothing is kept, which would live again when it is enabled.

    Returns 0, or the seconds to wait when the account asks too often: the caller refuses it after the commit, for what
    was counted must stay. Raises `RuleBroken` for an unusable or unchanged address.
    """
    address = check_email(email)
    # The lock makes the same form sent twenty times at once one wish (SECURITY R12).
    account = accounts.lock(context, account_id)
    if account is None or account.disabled_at is not None:
        return 0
    if address.identity == account.email_identity and address.display == account.email:
        raise RuleBroken.of("email", "email.unchanged")
    if _asked_just_now(context, account_id, address.identity):
        return 0
    own = Attempt("verification_mail", "account", str(account_id), account_id=account_id)
    counted = throttle.count_each(context, own)
    refused_attempts.note(context, counted, "customers")
    if counted[0].wait:
        return counted[0].wait
    end_open(context, account_id)
    change_id = _keep(context, account, address)
    mail.email_change_asked(context, account.recipient, change_id)
    if not throttle.count(context, Attempt("verification_mail", "address", address.identity)):
        _write_to_new_address(context, account, address, change_id)
    audit.record(context, "account.email_change_requested", customer_id=account.customer_id)
    return 0


def account_of(context: Context, change_id: int) -> KnownAccount:
    """The account whose address waits for its confirmation. Raises `LinkEnded` when the change is settled or the
    account disabled."""
    found = (
        connection().execute(select(EmailChange.account_id).where(EmailChange.id == change_id, *_UNSETTLED)).scalar()
    )
    account = accounts.get(context, found) if found is not None else None
    if account is None or account.disabled_at is not None:
        raise LinkEnded
    return account


def confirm(context: Context, change_id: int, *, keep_session: int | None = None) -> None:
    """Make the new address the log-in address; other sessions and links to a new password end.

    The caller has checked the password. Raises `LinkEnded` when the change is settled, the account disabled or the
    address taken now.
    """
    account = accounts.lock(context, account_of(context, change_id).id)
    if account is None or account.disabled_at is not None:
        raise LinkEnded
    change = db.session.execute(
        update(EmailChange)
        .where(EmailChange.id == change_id, *_UNSETTLED)
        .values(confirmed_at=context.now)
        .returning(EmailChange.new_email, EmailChange.new_identity)
    ).first()
    if change is None:
        raise LinkEnded
    _store(context, account, EmailAddress(change.new_email, change.new_identity))
    sessions.end_all_customer(context, account.id, but=keep_session)
    links.end_resets(context, account.id)
    mail.email_changed(context, account.recipient)
    audit.record(context, "account.email_changed", customer_id=account.customer_id)


def cancelling(context: Context, change_id: int) -> Cancelling:
    """What the link in the old mailbox can still do."""
    row = (
        connection()
        .execute(select(EmailChange.confirmed_at, EmailChange.cancelled_at).where(EmailChange.id == change_id))
        .one()
    )
    if row.confirmed_at is not None:
        return Cancelling.TOO_LATE
    return Cancelling.POSSIBLE if row.cancelled_at is None else Cancelling.DONE


def cancel(context: Context, change_id: int) -> None:
    """Cancel a change from the old mailbox, without logging in. Raises `LinkEnded` when it is settled."""
    cancelled = db.session.execute(
        update(EmailChange)
        .where(EmailChange.id == change_id, *_UNSETTLED)
        .values(cancelled_at=context.now)
        .returning(EmailChange.account_id)
    ).scalar()
    if cancelled is None:
        raise LinkEnded
    customer_id = accounts.get(context, cancelled).customer_id
    audit.record(context, "account.email_change_cancelled", customer_id=customer_id)


def end_open(context: Context, account_id: int) -> None:
    """End what waits for its confirmation: for a newer wish, and for a new password, since whoever knew the one before
    may have planted it."""
    db.session.execute(update(EmailChange).where(*_is_open(account_id)).values(cancelled_at=context.now))


def waiting_address(context: Context, account_id: int) -> str | None:
    """The new address that waits for its confirmation, for the owner to see."""
    oldest: datetime = context.now - LIFE[LinkPurpose.CONFIRM_EMAIL]
    newest = select(EmailChange.new_email).where(*_is_open(account_id), EmailChange.created_at > oldest)
    return connection().execute(newest.order_by(EmailChange.id.desc()).limit(1)).scalar()


def _is_open(account_id: int) -> tuple[ColumnElement[bool], ...]:
    return (EmailChange.account_id == account_id, *_UNSETTLED)


def _asked_just_now(context: Context, account_id: int, identity: str) -> bool:
    same = select(EmailChange.id).where(
        *_is_open(account_id),
        EmailChange.new_identity == identity,
        EmailChange.created_at > context.now - SAME_PRESS,
        EmailChange.created_at <= context.now + DRIFT,
    )
    return db.session.execute(same.limit(1)).first() is not None


def _keep(context: Context, account: KnownAccount, address: EmailAddress) -> int:
    row = insert(EmailChange).values(
        account_id=account.id,
        nonce=links.new_nonce(),
        old_email=account.email,
        new_email=address.display,
        new_identity=address.identity,
        created_at=context.now,
        expires_at=context.now + LIFE[LinkPurpose.CONFIRM_EMAIL],
    )
    return db.session.execute(row.returning(EmailChange.id)).scalar_one()


def _write_to_new_address(context: Context, account: KnownAccount, address: EmailAddress, change_id: int) -> None:
    holder = accounts.find(context, address.identity)
    if holder is None or holder.id == account.id:
        mail.confirm_new_email(context, account.recipient, change_id, new_email=address.display)
    else:
        mail.email_taken(context, holder.recipient)


def _store(context: Context, account: KnownAccount, address: EmailAddress) -> None:
    try:
        db.session.execute(
            update(Account)
            .where(Account.id == account.id)
            .values(email=address.display, email_identity=address.identity)
        )
    except IntegrityError:
        # The unique identity is the truth: the address has got an account meanwhile.
        raise LinkEnded from None
    # Whoever opened the link has given the password, so it is the customer who acts, logged in or not.
    owner = replace(context, actor=Actor("customer", account.id), source=Source.ACCOUNT)
    customer = provenance.lock(account.customer_id)
    provenance.set_fields(owner, customer, {"email": address.display, "email_identity": address.identity})
