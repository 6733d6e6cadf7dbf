"""The keyed hashes of the audit log: over an event, and over the seal of a month."""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Mapping
from typing import Any

from portal.models.base import canonical_json


def row_mac(key: bytes, row: Mapping[str, Any]) -> bytes:
    """HMAC-SHA256 over every column of an event; the mac before it ties the events into a chain."""
    fields = [
        str(row["seq"]),
        row["segment"],
        row["occurred_at"].isoformat(timespec="microseconds"),
        row["action"],
        row["actor_kind"],
        *(str(row[name]) for name in ("actor_id", "customer_id", "staff_id")),
        canonical_json(row["details"]),
        row["request_id"],
        row["key_id"],
    ]
    # Each field is preceded by its length, so that no two rows can yield the same bytes.
    message = b"".join(struct.pack(">I", len(part)) + part for part in (field.encode() for field in fields))
    return hmac.digest(key, row["previous_mac"] + message, hashlib.sha256)


def seal_mac(key: bytes, seal: Mapping[str, Any]) -> bytes:
    """HMAC-SHA256 over every column of a seal, with a key of its own, so that no event can pass for a seal."""
    moments = [
        moment and moment.isoformat(timespec="microseconds") for moment in (seal["sealed_at"], seal["dropped_at"])
    ]
    message = canonical_json([seal["segment"], seal["last_seq"], seal["head_mac"].hex(), *moments, seal["key_id"]])
    return hmac.digest(hmac.digest(key, b"seal of a month", hashlib.sha256), message.encode(), hashlib.sha256)


def key_id(key: bytes) -> str:
    """A short name of an audit key that reveals nothing of it."""
    return hashlib.sha256(b"key id " + key).hexdigest()[:16]
