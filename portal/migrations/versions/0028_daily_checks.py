"""A verification of the audit log that nobody asked for: the daily one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _staff(nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM audit_check WHERE staff_id IS NULL")
    _staff(nullable=False)


def _staff(*, nullable: bool) -> None:
    with op.batch_alter_table("audit_check", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("staff_id", existing_type=BIG_ID, nullable=nullable)
