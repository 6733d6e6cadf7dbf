"""What an employee leaves out of the copy that answers an access request (GDPR 15(4))."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import JsonText

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("data_copy", sa.Column("left_out", JsonText(), nullable=True))


def downgrade() -> None:
    op.drop_column("data_copy", "left_out")
