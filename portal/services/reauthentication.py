"""Proving again who one is: the session goes on under a new id, as fresh as after a log-in (SECURITY 19, 24)."""

from __future__ import annotations

from portal.rules.context import Context
from portal.services import audit, login, sessions
from portal.services.login import Outcome
from portal.services.sessions import Principal


def finish(context: Context, outcome: Outcome, principal: Principal) -> str | None:
    """Renew the session and return its new random id, or record the failure and return None."""
    if not outcome.succeeded:
        login.record_failure(context, outcome)
        return None
    token = sessions.renew(context, principal)
    audit.record(context, "account.reauthenticated", customer_id=principal.customer_id)
    return token
