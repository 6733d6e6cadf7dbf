"""One import at a time: the second of two then sees what the first wrote, and reports no changes (RELIABILITY R3)."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from portal.models.database import connection
from portal.rules.errors import Busy

RETRY_AFTER_SECONDS = 30
ADVISORY_LOCK = 0x6F7264657273


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait, outside the transaction, until no other import of this installation runs on this machine.

    SQLite would wait too, but not for as long as a large import takes. The system ends the lock with its process.
    """
    path = Path(current_app.config["PORTAL_DATA_DIR"]) / "orders-import.lock"
    with path.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def hold_off_imports() -> None:
    """Keep imports from beginning until this transaction ends. Raises `Busy` while one runs.

    An import that had looked a customer up before another transaction merged it would write to the wrong one.
    """
    write = connection()
    if (
        write.dialect.name == "postgresql"
        and not write.execute(text("SELECT pg_try_advisory_xact_lock_shared(:key)"), {"key": ADVISORY_LOCK}).scalar()
    ):
        raise Busy(RETRY_AFTER_SECONDS)


def hold_until_commit() -> None:
    """On PostgreSQL wait, without a limit, until no other machine's import runs either."""
    write = connection()
    if write.dialect.name == "postgresql":
        write.execute(text("SET LOCAL lock_timeout = 0"))
        write.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        write.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
