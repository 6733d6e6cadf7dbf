"""The day on which a customer answered the question about identity: on it the clock runs on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_request_event", sa.Column("answered_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("access_request_event", "answered_on")
