"""Showing that a value is there without showing it: for lists that are read before a customer is opened."""

from __future__ import annotations


def masked_email(email: str) -> str:
    """The first letter and the domain: enough to see a mistyped or closed mailbox provider, too little to write to."""
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}…{at}{domain}" if at else "…"
