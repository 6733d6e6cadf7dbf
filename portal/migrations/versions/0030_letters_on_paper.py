"""How a letter about an access request goes out on paper, so that its request's page says so for as long as it is read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_request_letter", sa.Column("on_paper", sa.String(length=10), nullable=True))


def downgrade() -> None:
    op.drop_column("access_request_letter", "on_paper")
