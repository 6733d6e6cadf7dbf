"""What happens when a customer has proved who they are: the session begins, and the owner hears of a new device."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from portal.mail import accounts as mail
from portal.models.account import Account
from portal.models.base import db
from portal.rules.context import Context, Visitor
from portal.services.accounts import account_closing, factor_removal, known_devices, remembering, sessions
from portal.services.accounts.accounts import KnownAccount
from portal.services.auditing import audit
from portal.services.foundation import links


@dataclass(frozen=True)
class Opened:
    """What a log-in opened: the random id of the session, and the value by which the browser is remembered."""

    session: str
    remembered: str | None
    # The account was being closed, or its second factor removed, and stays.
    kept: bool = False
    factor_kept: bool = False


def admit(context: Context, account: KnownAccount, visitor: Visitor, *, remember: bool) -> Opened:
    """Begin the session. `remember` is what the customer chose for the browser."""
    kept = account_closing.take_back(context, account)
    factor_kept = factor_removal.take_back(context, account)
    new_device = known_devices.note(context, known_devices.of_account(account.id), visitor)
    db.session.execute(update(Account).where(Account.id == account.id).values(last_login_at=context.now))
    links.end_resets(context, account.id)
    device_id, value = remembering.begin(context, account.id, visitor) if remember else (None, None)
    token = sessions.start_customer(context, account.id, visitor, device_id=device_id)
    if new_device:
        mail.new_device(context, account.recipient, sessions.number_of(token) or 0)
    audit.record(context, "account.login", customer_id=account.customer_id, new_device=new_device)
    if remember:
        audit.record(context, "account.device_remembered", customer_id=account.customer_id)
    return Opened(token, value, kept, factor_kept)
