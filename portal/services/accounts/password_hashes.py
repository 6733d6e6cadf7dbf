"""Password hashes: bcrypt over a peppered pre-hash, in one hashing thread with a bounded queue.

bcrypt sees at most 72 bytes and version 5 raises above them, so it gets base64(HMAC-SHA384(pepper, NFC(password))),
which is 64 (SECURITY 2). The stored text is ``p1$<pepper id>$<bcrypt hash>``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

import bcrypt
from flask import current_app

from portal.models.database import give_reader_back
from portal.rules.errors import Busy
from portal.rules.passwords import prehash
from portal.services.foundation.keys import keys, pepper_id

SCHEME = "p1"
QUEUE = 32
RETRY_AFTER_SECONDS = 5
# bcrypt takes a hash that was cut short for one that merely does not match.
WHOLE_HASH = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}", re.ASCII)
Result = TypeVar("Result")


class CorruptHash(ValueError):
    """A stored hash cannot be read: a failed login and an alert, never a 500."""


class HashingPool:
    """One thread that hashes. bcrypt releases the interpreter lock, so in request threads a few clients that keep
    logging in would take both cores from everybody else."""

    def __init__(self, queue: int = QUEUE) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bcrypt")
        self._places = BoundedSemaphore(queue)

    def run(self, work: Callable[[], Result]) -> Result:
        """Run `work` in the hashing thread. Raises `Busy` at once when the queue is full."""
        if not self._places.acquire(blocking=False):
            raise Busy(RETRY_AFTER_SECONDS)
        try:
            return self._executor.submit(work).result()
        finally:
            self._places.release()


def hash_password(password: str) -> str:
    """The text to store for a password, with the newest pepper and the configured cost."""
    pepper, cost = keys().peppers[0], _cost()
    hashed = _hash(lambda: bcrypt.hashpw(prehash(password, pepper), bcrypt.gensalt(cost)))
    return f"{SCHEME}${pepper_id(pepper)}${hashed.decode('ascii')}"


def verify_password(password: str, stored: str | None) -> bool:
    """Whether `password` is the one behind `stored`. Without a hash, and with one of a lower cost than is configured by
    now, the same work is done in vain (SECURITY 5).

    What a hash of a higher cost takes longer cannot be taken away: `needs_rehash` says where it is made anew.

    Raises `CorruptHash`, after the same work, when `stored` cannot be read.
    """
    parsed, cost = _parse(stored) if stored is not None else None, _cost()
    pepper, hashed = parsed or (keys().peppers[0], make_dummy(cost))
    try:
        matched = _hash(lambda: _compare(prehash(password, pepper), hashed, cost))
    except ValueError:
        parsed = None
        _hash(lambda: _compare(prehash(password, pepper), make_dummy(cost), cost))
    if stored is None:
        return False
    if parsed is None:
        raise CorruptHash
    return matched


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with another cost or an older pepper (SECURITY 3). Call it after a successful login.

    A higher cost than is configured would make the log-in slower than that of an unknown name, and so tell of the
    account (SECURITY 5). In production the hash stays as strong as it is all the same: who takes the cost down there,
    to 12 at the least, is told in `docs/operations.md` what it costs. Elsewhere, where any cost may be set, it follows.
    """
    _scheme, made_with, hashed = stored.split("$", 2)
    cost = _cost_of(hashed.encode())
    another = cost < _cost() if current_app.config["PORTAL_ENV"] == "production" else cost != _cost()
    return made_with != pepper_id(keys().peppers[0]) or another


def _parse(stored: str) -> tuple[bytes, bytes] | None:
    parts = stored.split("$", 2)
    if len(parts) != 3 or parts[0] != SCHEME or not WHOLE_HASH.fullmatch(parts[2]):
        return None
    for pepper in keys().peppers:
        if pepper_id(pepper) == parts[1]:
            return pepper, parts[2].encode()
    return None


def _compare(prehashed: bytes, hashed: bytes, cost: int) -> bool:
    """Compare, and make up for a lower cost: those from c to C - 1 add up to 2^C - 2^c rounds, what is lacking."""
    matched = bcrypt.checkpw(prehashed, hashed)
    for lower in range(_cost_of(hashed), cost):
        bcrypt.checkpw(prehashed, make_dummy(lower))
    return matched


def _cost_of(hashed: bytes) -> int:
    return int(hashed.split(b"$")[2])


def make_dummy(cost: int) -> bytes:
    """A hash that no password is known for. Made without hashing: any 31-character tail is as good."""
    return bcrypt.gensalt(cost) + b"u" * 31


def _cost() -> int:
    cost: int = current_app.config["PORTAL_BCRYPT_COST"]
    return cost


def _hash(work: Callable[[], Result]) -> Result:
    """Run `work` in the hashing thread, holding no connection of the database while it waits there."""
    give_reader_back()
    pool: HashingPool = current_app.extensions["portal.hashing"]
    return pool.run(work)
