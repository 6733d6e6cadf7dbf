"""Removing a customer's second factor at customer service: why, how the person was identified, and the wait."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from portal.rules.request_steps import CHECKS

# Whoever talked an employee into it has to outlast the owner's mail.
WAIT = timedelta(days=3)


class RemovalReason(StrEnum):
    """Why neither the phone nor a recovery code is at hand; the text is ``factor_removal.<code>``."""

    LOST = "lost"
    STOLEN = "stolen"
    BROKEN = "broken"


# The ways in which identity is checked for a request, but the one that takes a log-in.
IDENTITY_CHECKS = tuple(way for way in CHECKS if way != "log_in")
