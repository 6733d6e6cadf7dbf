"""What is chosen with an employee's invitation belongs to the browser that chose it; the secret of the second factor is
made with the choice. Open invitations stay, and what was chosen with them so far is chosen anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff_invitation", sa.Column("name", sa.String(200), nullable=True))
    op.add_column("staff_invitation", sa.Column("choice_hash", sa.LargeBinary(32), nullable=True))
    op.execute("UPDATE staff_invitation SET totp_seed = NULL, password_hash = NULL")


def downgrade() -> None:
    # Without a secret made beforehand an older portal takes an open invitation for an ended one.
    op.drop_column("staff_invitation", "choice_hash")
    op.drop_column("staff_invitation", "name")
