"""Sign the seals of the audit log's months: an unsigned one could be made by anybody who can write to the database.

The seals that are there are signed as they stand. Whoever forged one before is not found out by that: look at the
verification of the log before this migration, and at its count of events.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

from portal.models.base import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SIGNATURE = ("key_id", "mac")


def upgrade() -> None:
    # The key is looked for where there is something to sign: a new database is made before its secrets are set.
    _make_anew(
        lambda seal: _signed(current_app.extensions["portal.keys"].audit[0], seal),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
    )


def downgrade() -> None:
    _make_anew(lambda seal: {name: value for name, value in seal.items() if name not in SIGNATURE})


def _make_anew(change: Any, *more: sa.Column[Any]) -> None:
    """Change every seal in a table made anew: SQLite cannot add a column that must not be empty to rows, and copying
    the table under another name would stumble over the trigger that reads it."""
    was = sa.Table("audit_segment", sa.MetaData(), autoload_with=op.get_bind())
    moments = [sa.type_coerce(was.c[name], UtcDateTime()).label(name) for name in ("sealed_at", "dropped_at")]
    others = [column for column in was.c if column.name not in ("sealed_at", "dropped_at")]
    seals = [dict(row) for row in op.get_bind().execute(sa.select(*others, *moments)).mappings()]
    op.drop_table("audit_segment")
    made = op.create_table(
        "audit_segment",
        sa.Column("segment", sa.String(length=7), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("dropped_at", UtcDateTime(), nullable=True),
        *more,
        sa.PrimaryKeyConstraint("segment", name=op.f("pk_audit_segment")),
    )
    op.bulk_insert(made, [change(seal) for seal in seals])


def _signed(key: bytes, seal: dict[str, Any]) -> dict[str, Any]:
    """The seal with its keyed hash, as the program makes it at this point of its history."""
    key_id = hashlib.sha256(b"key id " + key).hexdigest()[:16]
    moments = [
        moment and moment.isoformat(timespec="microseconds") for moment in (seal["sealed_at"], seal["dropped_at"])
    ]
    fields = [seal["segment"], seal["last_seq"], seal["head_mac"].hex(), *moments, key_id]
    message = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    own = hmac.digest(key, b"seal of a month", hashlib.sha256)
    return {**seal, "key_id": key_id, "mac": hmac.digest(own, message, hashlib.sha256)}
