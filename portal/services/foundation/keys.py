"""The portal's secrets at work: encryption, and keyed hashes for what must be compared but not kept.

Each purpose has a setting of its own, and each rotates: the first key of a list makes, all of them verify.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app


class KeyGone(ValueError):
    """What was encrypted cannot be read: its key has left the settings."""


@dataclass(frozen=True)
class Keys:
    """The secrets of a running portal, as bytes."""

    tokens: tuple[bytes, ...]
    audit: tuple[bytes, ...]
    peppers: tuple[bytes, ...]
    encryption: tuple[Fernet, ...]
    lookup: bytes

    @classmethod
    def of(
        cls,
        *,
        tokens: Sequence[str],
        audit: Sequence[str],
        peppers: Sequence[str],
        encryption: Sequence[str],
        lookup: str,
    ) -> Keys:
        """Derive working keys from the settings' texts, each with a label, so that no two uses share a key."""
        return cls(
            tokens=tuple(_derive(key, b"token") for key in tokens),
            audit=tuple(_derive(key, b"audit") for key in audit),
            peppers=tuple(_derive(key, b"pepper") for key in peppers),
            encryption=tuple(Fernet(base64.urlsafe_b64encode(_derive(key, b"encrypt"))) for key in encryption),
            lookup=_derive(lookup, b"lookup"),
        )


def pepper_id(pepper: bytes) -> str:
    """By what a stored hash names the pepper it was made with."""
    return hashlib.sha256(b"pepper id " + pepper).hexdigest()[:8]


def keys() -> Keys:
    """The secrets of the running portal."""
    found: Keys = current_app.extensions["portal.keys"]
    return found


def encrypt(text: str) -> str:
    """Encrypt a short text with the newest key."""
    return keys().encryption[0].encrypt(text.encode()).decode("ascii")


def decrypt(text: str) -> str:
    """Decrypt what `encrypt` made with any of the keys. Raises `KeyGone`."""
    try:
        return MultiFernet(keys().encryption).decrypt(text.encode("ascii")).decode()
    except InvalidToken:
        raise KeyGone from None


def encrypted_anew(text: str) -> str:
    """What `encrypt` made, under the newest key: the very same when that is the key it was made with. Raises
    `KeyGone`."""
    try:
        keys().encryption[0].decrypt(text.encode("ascii"))
    except InvalidToken:
        return encrypt(decrypt(text))
    return text


def lookup_hash(*parts: str) -> bytes:
    """A keyed SHA-256 by which something can be found again without being kept."""
    return hmac.digest(keys().lookup, "\x1f".join(parts).encode(), hashlib.sha256)


def _derive(secret: str, label: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"portal " + label, hashlib.sha256)
