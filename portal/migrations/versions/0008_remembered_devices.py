"""Browsers in which a customer stays logged in, and the sessions they begin (SECURITY 21)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "remembered_device",
        sa.Column("id", big_id, nullable=False),
        sa.Column("name_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("rotated_at", UtcDateTime(), nullable=False),
        sa.Column("account_id", big_id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=False),
        sa.Column("address", sa.String(length=50), nullable=False),
        sa.Column("device", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_remembered_device_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered_device")),
        sa.UniqueConstraint("name_hash", name=op.f("uq_remembered_device_name_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_remembered_device_account_id"), "remembered_device", ["account_id"])
    with op.batch_alter_table("customer_session", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("remembered_device_id", big_id, nullable=True))
        batch.alter_column("authenticated_at", existing_type=UtcDateTime(), nullable=True)
        batch.create_foreign_key(
            op.f("fk_customer_session_remembered_device_id_remembered_device"),
            "remembered_device",
            ["remembered_device_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch.create_index(op.f("ix_customer_session_remembered_device_id"), ["remembered_device_id"])


def downgrade() -> None:
    # A session in which nobody proved who they are has no place in the earlier table.
    op.execute("DELETE FROM customer_session WHERE authenticated_at IS NULL")
    with op.batch_alter_table("customer_session", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_index(op.f("ix_customer_session_remembered_device_id"))
        batch.drop_constraint(
            op.f("fk_customer_session_remembered_device_id_remembered_device"), type_="foreignkey"
        )
        batch.alter_column("authenticated_at", existing_type=UtcDateTime(), nullable=False)
        batch.drop_column("remembered_device_id")
    op.drop_table("remembered_device")
