"""Recovery codes say with which pepper they are hashed, so that those whose pepper is gone are not counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = ("recovery_code", "staff_recovery_code")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("pepper_id", sa.String(8), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "pepper_id")
