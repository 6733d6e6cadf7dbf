"""Links in mail carry an HMAC that is recomputed when it is needed (DESIGN, decision 11; SECURITY 13 and 67).

A token is base64url, without padding, of ``key id (4 bytes) | row id (8 bytes) | HMAC-SHA-256 (32 bytes)``:
always 59 characters. The MAC covers the key id, the purpose, the row id and the row's nonce, so the
database holds nothing that would open a link, and a token of one purpose or row never fits another. The
first key signs, every key verifies: a rotation puts the new key in front and keeps the old one until its
links have expired.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

LENGTH = 59
MIN_KEY_BYTES = 32
MAX_ROW_ID = 2**63 - 1
_KEY_ID_BYTES = 4
_ROW_ID_BYTES = 8
_SHAPE = re.compile(r"[A-Za-z0-9_-]{59}")


@dataclass(frozen=True)
class TokenClaim:
    """What a token says, not yet proven: which key signed it, which row it means, and the MAC to check."""

    key_id: bytes
    row_id: int
    mac: bytes


def make(keys: Sequence[bytes], purpose: str, row_id: int, nonce: bytes) -> str:
    """Return the token of a row for a purpose, signed with the first key."""
    if not keys:
        raise ValueError("no token key")
    if not 0 < row_id <= MAX_ROW_ID:
        raise ValueError("row id out of range")
    key = keys[0]
    payload = _key_id(key) + row_id.to_bytes(_ROW_ID_BYTES, "big") + _mac(key, purpose, row_id, nonce)
    return _encode(payload)


def read(token: str) -> TokenClaim:
    """Return what a token claims; ValueError for anything that :func:`make` could not have written."""
    if not _SHAPE.fullmatch(token):
        raise ValueError("not a token")
    payload = base64.urlsafe_b64decode(token + "=")
    if _encode(payload) != token:
        raise ValueError("not a canonical token")
    row_id = int.from_bytes(payload[_KEY_ID_BYTES : _KEY_ID_BYTES + _ROW_ID_BYTES], "big")
    if not 0 < row_id <= MAX_ROW_ID:
        raise ValueError("row id out of range")
    return TokenClaim(payload[:_KEY_ID_BYTES], row_id, payload[_KEY_ID_BYTES + _ROW_ID_BYTES :])


def matches(keys: Sequence[bytes], claim: TokenClaim, purpose: str, nonce: bytes) -> bool:
    """Say whether a key signed the claim for this purpose and nonce; the same work for every claim."""
    valid = False
    for key in keys:
        same_key = hmac.compare_digest(_key_id(key), claim.key_id)
        same_mac = hmac.compare_digest(_mac(key, purpose, claim.row_id, nonce), claim.mac)
        valid |= same_key and same_mac
    return valid


def _key_id(key: bytes) -> bytes:
    if len(key) < MIN_KEY_BYTES:
        raise ValueError(f"a token key has at least {MIN_KEY_BYTES} bytes")
    return hashlib.sha256(b"portal token key id\0" + key).digest()[:_KEY_ID_BYTES]


def _mac(key: bytes, purpose: str, row_id: int, nonce: bytes) -> bytes:
    name = purpose.encode()
    message = b"".join(
        (
            b"portal token 1\0",
            _key_id(key),
            len(name).to_bytes(4, "big"),
            name,
            row_id.to_bytes(_ROW_ID_BYTES, "big"),
            len(nonce).to_bytes(4, "big"),
            nonce,
        )
    )
    return hmac.digest(key, message, "sha256")


def _encode(payload: bytes) -> str:
    return base64.urlsafe_b64encode(payload).rstrip(b"=").decode("ascii")
