"""Browsers in which the demo's customer is logged in, so that the list of them shows something."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal.rules.context import Context, Visitor
from portal.services.accounts import remembering, sessions

PHONE = Visitor("91.152.10.20", "91.152.10.0/24", "Safari iPhone")
LAPTOP = Visitor("193.166.3.7", "193.166.3.0/24", "Firefox Windows")


def log_in_elsewhere(context: Context, account_id: int) -> None:
    """A phone that stays logged in since six days, and a laptop that was used a quarter of an hour ago."""
    remembering.begin(replace(context, now=context.now - timedelta(days=6)), account_id, PHONE)
    sessions.start_customer(replace(context, now=context.now - timedelta(minutes=15)), account_id, LAPTOP)
