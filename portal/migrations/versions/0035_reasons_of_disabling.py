"""An account that is disabled says why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("disabled_reason", sa.String(20), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "disabled_reason")
