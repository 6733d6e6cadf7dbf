"""A customer's passkeys: adding, removing, and logging in with one instead of password and code (SECURITY 22, 27).

A passkey that has verified its user is two factors in one: the device, and a finger, a face or a code.
"""

from __future__ import annotations

from portal.mail import factors as mail
from portal.models.factor import Passkey
from portal.rules.context import Context, Visitor
from portal.rules.errors import RuleBroken
from portal.services.accounts import accounts, admission, customer_factor, passkeys
from portal.services.accounts.admission import Opened
from portal.services.accounts.sessions import Principal
from portal.services.auditing import audit
from portal.services.foundation.throttle import Attempt


def attempts(visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before an answer is looked at: nobody is named, so the network address and everybody together."""
    return Attempt("login_address", "log-in", visitor.address), Attempt("login_everyone", "log-in", "all")


def add(context: Context, principal: Principal, challenge: bytes | None, answer: str, name: str) -> str:
    """Keep a new passkey and tell the owner. Returns the session's new id. Raises `RuleBroken`."""
    passkeys.add(context, passkeys.of_account(principal.id), challenge, answer, name)
    mail.passkey_added(context, accounts.get(context, principal.id).recipient)
    audit.record(context, "account.passkey_added", customer_id=principal.customer_id)
    return customer_factor.end_others(context, principal)


def remove(context: Context, principal: Principal, number: str) -> str | None:
    """Forget a passkey and tell the owner. Returns the session's new id, or None when there was no such passkey."""
    if not passkeys.remove(context, passkeys.of_account(principal.id), number):
        return None
    mail.passkey_removed(context, accounts.get(context, principal.id).recipient)
    audit.record(context, "account.passkey_removed", customer_id=principal.customer_id)
    return customer_factor.end_others(context, principal)


def log_in(context: Context, challenge: bytes | None, answer: str, visitor: Visitor) -> Opened:
    """Begin a session for whoever the passkey belongs to. Raises `RuleBroken`, the same for every reason."""
    row = passkeys.prove(context, Passkey, challenge, answer)
    account = accounts.get(context, row.account_id) if row is not None else None
    if account is None or account.disabled_at is not None:
        audit.deny(context, "account.login_failed", customer_id=None, reason="passkey")
        raise RuleBroken.of(None, "passkey.failed")
    return admission.admit(context, account, visitor, remember=False)
