"""The language of employees, and the devices on which they gave their password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import BigId, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("language", sa.String(length=2), nullable=True))
    op.create_table(
        "staff_known_device",
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("device_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_known_device_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "device_hash", name=op.f("pk_staff_known_device")),
    )


def downgrade() -> None:
    op.drop_table("staff_known_device")
    op.drop_column("staff", "language")
