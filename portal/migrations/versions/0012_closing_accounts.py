"""When the owner asked to close an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("closing_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "closing_at")
