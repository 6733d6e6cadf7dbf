"""The job engine: Huey over the store that `PORTAL_HUEY_URL` names.

The store holds names of tasks and nothing else: what is to be done stands in rows of the database. A lost or deleted
store loses no work, because the sweep finds the rows again.
"""

from __future__ import annotations

import json
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from portal.models.database import journal_mode

QUEUE = "portal"
# Seconds for which a request waits for a locked store before it leaves the work to the sweep.
STORE_TIMEOUT = 1


class JsonSerializer(Serializer):
    """Tasks as JSON. Huey's own format is pickle, with which whoever can write to the store could run code here."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(bytes(data)))


def build(url: str) -> Huey:
    """The engine for `sqlite:///PATH`, `redis://…` or `postgresql://…`. It connects when it is first used.

    Results are not kept: a task's outcome is in the rows it worked on. Raises `ValueError` for another URL.
    """
    scheme, _, rest = url.partition("://")
    options: dict[str, Any] = {"results": False, "serializer": JsonSerializer()}
    if scheme == "sqlite":
        return SqliteHuey(
            QUEUE,
            filename=rest.removeprefix("/"),
            journal_mode=journal_mode(),
            timeout=STORE_TIMEOUT,
            create_tables=False,
            **options,
        )
    if scheme in ("redis", "rediss"):
        return RedisHuey(QUEUE, url=url, **options)
    if scheme in ("postgres", "postgresql"):
        return PostgresHuey(QUEUE, dsn=url, create_tables=False, **options)
    raise ValueError("PORTAL_HUEY_URL begins with sqlite:///, redis://, rediss:// or postgresql://.")


def prepare_store(huey: Huey) -> None:
    """Create the store's tables where it has tables and lacks them."""
    create = getattr(huey.storage, "initialize_schema", None)
    if create is not None:
        create()
