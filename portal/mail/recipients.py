"""Who a message about an account goes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipient:
    """The owner of an account: the log-in address and the language of the customer's choice."""

    customer_id: int
    email: str
    language: str


@dataclass(frozen=True)
class Employee:
    """An employee: the log-in address and the language of the pages the employee reads."""

    staff_id: int
    email: str
    language: str
