"""Codes of an authenticator: six digits that change every half minute, from a secret that is stored encrypted.

A secret whose key has left the settings accepts no code. Recovery codes and passkeys depend on no such key.
"""

from __future__ import annotations

import hmac
import logging
from datetime import datetime

import pyotp

from portal.rules.clean_text import plain_code
from portal.rules.clock import DRIFT
from portal.services.foundation.keys import KeyGone, decrypt, encrypt, encrypted_anew

log = logging.getLogger(__name__)
STEP_SECONDS = 30
# One step to either side: telephones' clocks are rarely wrong by more.
WINDOW = (0, -1, 1)
# A step that was used further ahead was used before the clock was set back: it would refuse every code until the time
# came again (SECURITY R20). By a clock that goes on, none was used further ahead than the window reaches.
FURTHEST_AHEAD = int(DRIFT.total_seconds()) // STEP_SECONDS


def new_seed() -> str:
    """A new secret, encrypted for storing."""
    return encrypt(pyotp.random_base32())


def readable(seed: str) -> bool:
    """Whether the secret can be decrypted. When not, the log says what to do; the audit event of the same request names
    the person."""
    try:
        decrypt(seed)
    except KeyGone:
        log.error(
            "second factor not readable: put its key back into PORTAL_ENCRYPTION_KEYS and run keys rotate, "
            "or have the second factor set up anew"
        )
        return False
    return True


def renewed(seed: str) -> str:
    """The secret encrypted with the newest key, to be stored when a code of it was right (SECURITY 67)."""
    return encrypted_anew(seed)


def key_uri(seed: str, name: str, issuer: str) -> str:
    """The address an authenticator reads from the QR code."""
    return pyotp.TOTP(decrypt(seed)).provisioning_uri(name=name, issuer_name=issuer)


def key_text(seed: str) -> str:
    """The secret as it is typed in by hand, in groups of four."""
    secret = decrypt(seed)
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def matching_step(seed: str, code: str, now: datetime, last_step: int) -> int | None:
    """The time step whose digits were given, if it is later than the last used one; None for a wrong code, and
    for any code of a secret that cannot be read."""
    if not readable(seed):
        return None
    digits = plain_code(code)
    totp = pyotp.TOTP(decrypt(seed))
    current = int(now.timestamp()) // STEP_SECONDS
    if last_step > current + FURTHEST_AHEAD:
        last_step = 0
    found = None
    for step in (current + offset for offset in WINDOW):
        same = hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), digits.encode("utf-8", "replace"))
        if same and step > last_step:
            found = step
    return found
