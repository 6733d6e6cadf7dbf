"""Attempts that a throttle begins to refuse, in the audit log: guessing shows there beyond what is let through
(SECURITY 12, 64)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import select

from portal.models.account import Account
from portal.models.base import db
from portal.rules.context import Context
from portal.services.accounts.accounts import NOBODY
from portal.services.auditing import audit
from portal.services.foundation.throttle import Counted

Area = Literal["customers", "staff"]


def note(context: Context, counted: Iterable[Counted], area: Area) -> None:
    """Note each limit that was just reached: once in its window and not at each refusal, so that nobody can fill the
    log. Call it in the transaction that counts, which is committed: what is rolled back would begin again and again.

    A silent limit notes nothing, for what it stops fails, and is noted, like any other failure. The account is looked
    for also where nobody knows one: the work must not tell (SECURITY 5).
    """
    for one in counted:
        if one.begins and not one.attempt.silent:
            meant = select(Account.customer_id).where(Account.id == (one.attempt.account_id or NOBODY))
            owner = db.session.execute(meant).scalar()
            audit.record(context, "attempts.refused", customer_id=owner, limit=one.attempt.bucket, area=area)
