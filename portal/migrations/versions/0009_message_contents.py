"""What was sent to a customer is kept with the message, so that it can be read again as it was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("subject", sa.String(length=200), nullable=True))
    op.add_column("message", sa.Column("body", sa.Text(), nullable=True))
    op.add_column("message", sa.Column("html", sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("html", "body", "subject"):
        op.drop_column("message", name)
