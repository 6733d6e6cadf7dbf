"""When a user name was chosen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("user_name_since", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "user_name_since")
