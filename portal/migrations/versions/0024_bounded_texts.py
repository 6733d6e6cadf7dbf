"""The lengths of free texts about access requests, bounded by the database as well as by the rules."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# The table, the column, its most characters, and whether SQLite counts its row numbers on.
BOUNDED = (
    ("access_request_note", "body", 4000, True),
    ("access_request_check", "note", 1000, False),
    ("access_request_draft", "wishes", 2000, True),
)


def upgrade() -> None:
    for table, column, most, counted in BOUNDED:
        with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": counted}) as batch:
            batch.create_check_constraint(op.f(f"ck_{table}_{column}"), f"length({column}) <= {most}")


def downgrade() -> None:
    for table, column, _, counted in BOUNDED:
        with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": counted}) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
