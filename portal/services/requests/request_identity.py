"""What an employee must know of a person before a copy of their data goes out: which contact details changed lately.

A detail that is young (`register/young_contacts.py`) never receives a copy, unless the person was identified since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.models.access_request import AccessRequestEvent
from portal.models.account import Account
from portal.models.database import connection
from portal.rules.access_requests import EventKind
from portal.rules.context import Context
from portal.services.register import young_contacts
from portal.services.register.young_contacts import ADDRESS
from portal.services.requests.request_openings import Head

# Which details decide whether a way of delivery reaches the right person; who comes to the shop is looked at there.
DELIVERED_BY = {"portal": ("email",), "post": ADDRESS, "pick_up": ()}


@dataclass(frozen=True)
class Identity:
    """`has_account` says whether there is one that opens; `changed` names the contact details that are young, each with
    the moment of its change; `confirmed_at` is when the person was last identified for this request."""

    has_account: bool
    changed: dict[str, datetime]
    confirmed_at: datetime | None

    def endangers(self, delivery: str) -> bool:
        """Whether a delivery relies on a detail that was changed lately and not confirmed since."""
        moments = [self.changed[field] for field in DELIVERED_BY[delivery] if field in self.changed]
        return any(self.confirmed_at is None or moment > self.confirmed_at for moment in moments)


def read(context: Context, head: Head) -> Identity:
    """The facts about the customer of a request."""
    confirmed = select(func.max(AccessRequestEvent.occurred_at)).where(
        AccessRequestEvent.request_id == head.id,
        AccessRequestEvent.kind == EventKind.IDENTITY_CONFIRMED.value,
    )
    changed = young_contacts.changed(context, head.customer_id)
    return Identity(has_account(context, head.customer_id), changed, connection().execute(confirmed).scalar())


def has_account(_context: Context, customer_id: int) -> bool:
    """Whether the customer has an account: without one nothing is asked or given in the portal. Nobody can read or
    fetch anything in a disabled one."""
    own = (Account.customer_id == customer_id, Account.disabled_at.is_(None))
    return connection().execute(select(Account.id).where(*own)).first() is not None
