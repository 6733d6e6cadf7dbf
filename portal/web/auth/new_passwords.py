"""A password that is chosen anew, by link or inside the account."""

from __future__ import annotations

from portal.services.accounts import password_change
from portal.services.accounts.accounts import KnownAccount
from portal.services.accounts.password_hashes import hash_password
from portal.web.request_context import visitor
from portal.web.transaction import throttled


def hashed(account: KnownAccount, password: str) -> str:
    """The hash of a password that may be this person's, counted before it is judged and hashed (SECURITY 10). Raises
    `RuleBroken` and `TooMany`."""
    throttled(*password_change.attempts(account, visitor()))
    password_change.check(account, password)
    return hash_password(password)
