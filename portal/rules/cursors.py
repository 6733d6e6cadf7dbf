"""Cursors of lists: where a page ends, without page numbers and without personal data (DESIGN, decision 12).

A cursor is base64url, without padding, of ``microseconds since 1970 (8 bytes, signed) | row id (8) | filter
(8)``: always 32 characters. The filter digest binds it to the list it was made for; a cursor of another
filter is foreign. It is no secret and opens nothing: the query it continues is scoped by its owner as
always.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portal.rules.clock import require_aware

MAX_ROW_ID = 2**63 - 1
MIN_ROW_ID = -(2**63)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAYOUT = struct.Struct(">qq8s")
_SHAPE = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: its time, to the microsecond, and its id, which breaks ties."""

    time: datetime
    row_id: int


def filter_digest(filters: Mapping[str, object]) -> str:
    """Return the digest of a list's filters; the order they are given in does not matter."""
    written = repr(sorted((name, str(value)) for name, value in filters.items()))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def encode(time: datetime, row_id: int, filter_digest: str, *, lowest: int = 1) -> str:
    """Return the cursor after a row; ValueError for a naive time or an id no row can have. `lowest` is for a list that
    must show even what nobody could have written."""
    if not lowest <= row_id <= MAX_ROW_ID:
        raise ValueError("row id out of range")
    microseconds = (require_aware(time) - _EPOCH) // timedelta(microseconds=1)
    packed = _LAYOUT.pack(microseconds, row_id, _short(filter_digest))
    return base64.urlsafe_b64encode(packed).decode("ascii")


def decode(text: str, filter_digest: str, *, lowest: int = 1) -> Cursor:
    """Return what a cursor says; ValueError when it is malformed, over-long or made for another filter."""
    if not _SHAPE.fullmatch(text):
        raise ValueError("not a cursor")
    microseconds, row_id, digest = _LAYOUT.unpack(base64.urlsafe_b64decode(text))
    if digest != _short(filter_digest):
        raise ValueError("a cursor of another list")
    if not lowest <= row_id <= MAX_ROW_ID:
        raise ValueError("row id out of range")
    try:
        return Cursor(_EPOCH + timedelta(microseconds=microseconds), row_id)
    except OverflowError:
        raise ValueError("time out of range") from None


def _short(filter_digest: str) -> bytes:
    return hashlib.sha256(filter_digest.encode("utf-8", "surrogatepass")).digest()[:8]
