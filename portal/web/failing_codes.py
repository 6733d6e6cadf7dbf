"""Codes of the second factor that keep failing, which the owner hears of (SECURITY 64)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from portal.rules.errors import RuleBroken
from portal.services.accounts import customer_factor
from portal.web.transaction import transaction


@contextmanager
def owner_told(account_id: int) -> Iterator[None]:
    """Around the transaction that holds a code against an account: its failure rolls everything back, so that the mail
    is written after it."""
    try:
        yield
    except RuleBroken as broken:
        if any(problem.code == customer_factor.WRONG for problem in broken.problems):
            with transaction() as context:
                customer_factor.tell_of_failures(context, account_id)
        raise
