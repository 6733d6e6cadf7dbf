"""Announcements are typed: service information, or marketing, which all of them were until now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CHECK = "ck_announcement_type"


def upgrade() -> None:
    with op.batch_alter_table("announcement", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("type", sa.String(10), nullable=True))
    op.execute("UPDATE announcement SET type = 'marketing'")
    with op.batch_alter_table("announcement", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("type", existing_type=sa.String(10), nullable=False)
        batch.create_check_constraint(op.f(CHECK), "type IN ('service', 'marketing')")


def downgrade() -> None:
    # A draft of service information is marketing again: it reaches fewer than it might, and nobody who forbade it. What
    # is on its way would go on as marketing, with other readers: it ends with those whom it has reached.
    op.execute(
        "UPDATE announcement SET state = 'sent', finished_at = sent_at WHERE type = 'service' AND state = 'sending'"
    )
    # The program before knows no such kind: it would try these messages in vain, and show no page that lists them.
    op.execute(
        "UPDATE message SET status = 'obsolete', next_attempt_at = NULL, claimed_until = NULL, last_error = 'obsolete'"
        " WHERE kind = 'service_announcement' AND status IN ('waiting', 'sending', 'failed')"
    )
    op.execute("UPDATE message SET kind = 'announcement' WHERE kind = 'service_announcement'")
    with op.batch_alter_table("announcement", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.drop_column("type")
