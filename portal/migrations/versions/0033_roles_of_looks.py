"""An opening keeps the role in which the employee looked. Of older ones nobody knows it: they keep none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer_opening", sa.Column("role", sa.String(30), nullable=True))


def downgrade() -> None:
    op.drop_column("customer_opening", "role")
