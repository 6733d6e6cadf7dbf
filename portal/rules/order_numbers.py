"""The public number of an order: the slug in ``/orders/<number>`` (DESIGN, decision 3).

``<shop prefix>-<the shop's own number>``: ``NW-10248``. Shops' numbers collide and hold any characters, so
whatever is not plain is replaced and 64 bits of a hash of the original are added: no two numbers share a
slug. A slug made with a hash contains ``--`` before it, and no plain one does.
"""

from __future__ import annotations

import hashlib
import re

MAX_LENGTH = 48
MAX_PREFIX = 8
_HASH_LENGTH = 16
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_PLAIN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_PUBLIC = re.compile(r"[A-Z][A-Z0-9]{0,7}-[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:--[0-9a-f]{16})?")


def public_number(prefix: str, external_number: str) -> str:
    """Return the slug of an order from its shop's prefix and the shop's own number.

    The prefix is 1-8 capital letters and digits, a letter first (ValueError otherwise). ASCII letters, digits
    and single hyphens pass as they are; other characters, other hyphens and long numbers get the hash.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"not a shop prefix: {prefix!r}")
    if not external_number:
        raise ValueError("an order has a number")
    plain = f"{prefix}-{external_number}"
    if _PLAIN.fullmatch(external_number) and len(plain) <= MAX_LENGTH:
        return plain
    digest = hashlib.sha256(external_number.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
    readable = re.sub(r"[^A-Za-z0-9]+", "-", external_number).strip("-") or "X"
    room = MAX_LENGTH - len(prefix) - _HASH_LENGTH - 3
    return f"{prefix}-{readable[:room].strip('-')}--{digest}"


def is_public_number(text: str) -> bool:
    """Say whether a text can be a slug at all; anything else is not worth a query."""
    return len(text) <= MAX_LENGTH and _PUBLIC.fullmatch(text) is not None
