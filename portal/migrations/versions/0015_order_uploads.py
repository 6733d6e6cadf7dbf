"""Order files that employees upload."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COUNTS = ("orders", "lines", "added", "changed", "customers", "skipped", "problems")


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "order_upload",
        sa.Column("id", big_id, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("staff_id", big_id, nullable=False),
        sa.Column("confirmed_by_id", big_id, nullable=True),
        sa.Column("content", sa.String(length=32), nullable=True),
        sa.Column("shop", sa.String(length=100), nullable=False),
        sa.Column("file_format", sa.String(length=20), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in COUNTS),
        sa.CheckConstraint(
            "state IN ('waiting', 'refused', 'ready', 'confirmed', 'imported', 'failed')",
            name=op.f("ck_order_upload_state"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_order_upload_staff_id_staff")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["staff.id"], name=op.f("fk_order_upload_confirmed_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_upload")),
        sa.UniqueConstraint("uuid", name=op.f("uq_order_upload_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_order_upload_state_created_at"), "order_upload", ["state", "created_at"])
    op.create_index(op.f("ix_order_upload_created_at"), "order_upload", ["created_at"])


def downgrade() -> None:
    op.drop_table("order_upload")
