"""A message of the customer that an employee writes down says how and on which day it came (GDPR 12(3), 16).

Of what was stored before this nobody knows the day: it stays empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "access_request_note"
# As in `rules/register.py` at the time of this migration.
CHANNELS = "'phone', 'email', 'in_store', 'letter'"
CHECKS = {
    "channel": f"channel IN ({CHANNELS})",
    "received": "(channel IS NULL) = (received_on IS NULL)",
    "whose": "received_on IS NULL OR kind = 'from_customer'",
}


def upgrade() -> None:
    with op.batch_alter_table(TABLE, table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("channel", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("before_question", sa.Boolean(), nullable=False, server_default=sa.false()))
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), condition)
    with op.batch_alter_table(TABLE, table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("before_question", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table(TABLE, table_kwargs={"sqlite_autoincrement": True}) as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_{TABLE}_{name}"), type_="check")
        for column in ("before_question", "received_on", "channel"):
            batch.drop_column(column)
