"""The user name of an account: chosen, changed and taken away by its owner (register notice §5).

Whoever chooses a name learns whether it is taken. That is counted, so that nobody tries out who has an account.
"""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.mail import accounts as mail
from portal.models.account import Account
from portal.models.base import db
from portal.rules.context import Context, Visitor
from portal.rules.errors import RuleBroken
from portal.rules.user_names import UserName, check_user_name
from portal.services.accounts import accounts
from portal.services.auditing import audit
from portal.services.foundation.throttle import Attempt


def check(text: str) -> UserName:
    """The checked name. Raises `RuleBroken` naming `user_name`; no account is looked at."""
    return check_user_name(text, company=current_app.config["PORTAL_CONTROLLER"].name)


def attempts(account_id: int, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before it is said whether a name is free: the account's wishes, and those from one address."""
    return (
        Attempt("login_address", "user name", visitor.address),
        Attempt("user_name", "account", str(account_id), account_id=account_id),
    )


def choose(context: Context, account_id: int, name: UserName) -> bool:
    """Store the name and tell the owner. Returns whether anything changed. Raises `RuleBroken` when it is taken."""
    if _lock(account_id) == name.display:
        return False
    chosen = {"user_name": name.display, "user_name_identity": name.identity, "user_name_since": context.now}
    try:
        db.session.execute(update(Account).where(Account.id == account_id).values(**chosen))
    except IntegrityError:
        # The unique identity is the truth, also when two customers choose at the same moment.
        raise RuleBroken.of("user_name", "user_name.taken") from None
    owner = accounts.get(context, account_id)
    mail.user_name_chosen(context, owner.recipient)
    audit.record(context, "account.user_name_chosen", customer_id=owner.customer_id)
    return True


def remove(context: Context, account_id: int) -> bool:
    """Take the name away and tell the owner: the e-mail address alone logs in. Returns whether there was one."""
    if _lock(account_id) is None:
        return False
    nothing = {"user_name": None, "user_name_identity": None, "user_name_since": None}
    db.session.execute(update(Account).where(Account.id == account_id).values(**nothing))
    owner = accounts.get(context, account_id)
    mail.user_name_removed(context, owner.recipient)
    audit.record(context, "account.user_name_removed", customer_id=owner.customer_id)
    return True


def _lock(account_id: int) -> str | None:
    """The present name; a second form of the same customer waits here."""
    present = select(Account.user_name).where(Account.id == account_id).with_for_update()
    return db.session.execute(present).scalar_one()
