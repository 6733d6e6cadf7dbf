"""A second factor whose removal was asked for at customer service waits before it goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("factor_removal_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "factor_removal_at")
