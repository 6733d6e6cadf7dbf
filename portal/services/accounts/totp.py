"""Codes of an authenticator: six digits that change every half minute, from a secret that is stored encrypted."""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime

import pyotp

from portal.services.foundation.keys import decrypt, encrypt

STEP_SECONDS = 30
# One step to either side: telephones' clocks are rarely wrong by more.
WINDOW = (0, -1, 1)


def new_seed() -> str:
    """A new secret, encrypted for storing."""
    return encrypt(pyotp.random_base32())


def key_uri(seed: str, name: str, issuer: str) -> str:
    """The address an authenticator reads from the QR code."""
    return pyotp.TOTP(decrypt(seed)).provisioning_uri(name=name, issuer_name=issuer)


def key_text(seed: str) -> str:
    """The secret as it is typed in by hand, in groups of four."""
    secret = decrypt(seed)
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def matching_step(seed: str, code: str, now: datetime, last_step: int) -> int | None:
    """The time step whose digits were given, if it is later than the last used one; None for a wrong code."""
    digits = "".join(unicodedata.normalize("NFKC", code).split())
    totp = pyotp.TOTP(decrypt(seed))
    current = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (current + offset for offset in WINDOW):
        same = hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), digits.encode("utf-8", "replace"))
        if same and step > last_step:
            found = step
    return found
