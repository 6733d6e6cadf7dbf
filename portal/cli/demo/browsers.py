"""Browsers in which the demo's customer is logged in, so that the list of them shows something."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal.rules.context import Actor, Context, Visitor
from portal.services.accounts import remembering, sessions
from portal.services.auditing import audit

PHONE = Visitor("91.152.10.20", "91.152.10.0/24", "Safari iPhone")
LAPTOP = Visitor("193.166.3.7", "193.166.3.0/24", "Firefox Windows")


def log_in_elsewhere(context: Context, customer_id: int, account_id: int) -> None:
    """A phone that stays logged in since six days, and a laptop that was used a quarter of an hour ago."""
    owner = replace(context, actor=Actor("customer", account_id))
    on_phone, on_laptop = (replace(owner, now=context.now - ago) for ago in (timedelta(days=6), timedelta(minutes=15)))
    remembering.begin(on_phone, account_id, PHONE)
    sessions.start_customer(on_laptop, account_id, LAPTOP)
    for then in (on_phone, on_laptop):
        audit.record(then, "account.login", customer_id=customer_id, new_device=False)
    audit.record(on_phone, "account.device_remembered", customer_id=customer_id)
