"""Proving again who one is: the session goes on under a new id, as fresh as after a log-in (SECURITY 19, 24)."""

from __future__ import annotations

from portal.rules.context import Context, Visitor
from portal.services.accounts import accounts, customer_factor, factor_removal, login, sessions
from portal.services.accounts.login import Outcome
from portal.services.accounts.sessions import Principal
from portal.services.auditing import audit
from portal.services.foundation.throttle import Attempt


def attempts(context: Context, principal: Principal, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before anything is looked at: as much as for a log-in, and apart from it."""
    counted = login.attempts_elsewhere("again", principal.id, visitor)
    asked = customer_factor.is_on(context, principal.id)
    return (*counted, *(customer_factor.attempts(principal.id) if asked else ()))


def finish(context: Context, outcome: Outcome, principal: Principal, code: str) -> str | None:
    """Renew the session and return its new random id, or record the failure and return None when the password was
    wrong. Raises `RuleBroken` naming `code`."""
    if not prove(context, outcome, principal, code):
        return None
    token = sessions.renew(context, principal)
    audit.record(context, "account.reauthenticated", customer_id=principal.customer_id)
    return token


def prove(context: Context, outcome: Outcome, principal: Principal, code: str) -> bool:
    """Say whether the password was right, and record the failure when not. Where the second factor is on, its code or a
    recovery code is used up as well, and shows that it is not lost. Raises `RuleBroken` naming `code`."""
    if not outcome.succeeded:
        record_failure(context, outcome)
        return False
    if customer_factor.is_on(context, principal.id):
        customer_factor.use_code(context, principal.id, code)
        factor_removal.take_back(context, accounts.get(context, principal.id))
    return True


def record_failure(context: Context, outcome: Outcome) -> None:
    """Write down that somebody who is logged in did not know the password."""
    login.record_failure(context, outcome, "account.reauthentication_failed")
