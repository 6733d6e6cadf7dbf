"""Passkeys of customers and employees, and the challenges they sign (SECURITY 27)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for table, owner in (("passkey", "account"), ("staff_passkey", "staff")):
        column = f"{owner}_id"
        op.create_table(
            table,
            sa.Column("id", big_id, nullable=False),
            sa.Column(column, big_id, nullable=False),
            sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
            sa.Column("public_key", sa.LargeBinary(length=2000), nullable=False),
            sa.Column("sign_count", sa.BigInteger(), nullable=False),
            sa.Column("name", sa.String(length=60), nullable=False),
            sa.Column("created_at", UtcDateTime(), nullable=False),
            sa.Column("last_used_at", UtcDateTime(), nullable=True),
            sa.ForeignKeyConstraint(
                [column], [f"{owner}.id"], name=op.f(f"fk_{table}_{column}_{owner}"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("credential_id", name=op.f(f"uq_{table}_credential_id")),
            sqlite_autoincrement=True,
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_table(
        "passkey_challenge",
        sa.Column("binding", sa.LargeBinary(length=32), nullable=False),
        sa.Column("challenge", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("binding", name=op.f("pk_passkey_challenge")),
    )
    op.create_index(op.f("ix_passkey_challenge_created_at"), "passkey_challenge", ["created_at"])


def downgrade() -> None:
    for table in ("passkey_challenge", "staff_passkey", "passkey"):
        op.drop_table(table)
