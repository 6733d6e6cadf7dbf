"""Why an employee disables a customer's account: the fixed list from which a reason is chosen, never free text."""

from __future__ import annotations

from enum import StrEnum


class DisablingReason(StrEnum):
    """One reason; its text is ``disabling.<code>`` and is read by the customer too."""

    CUSTOMER_WISH = "customer_wish"
    TAKEOVER = "takeover"
    MISUSE = "misuse"
