"""What is stored of a set of recovery codes no longer tells its codes.

They used to follow from `batch` and `PORTAL_SECRET_KEY`. A random value takes its place in the sets that exist: their
codes go on, for what is compared is the hash of each, and only a form that is sent again after the upgrade finds its set
no more. There is no way back to the old value, and a step down needs none.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLES = ("recovery_code", "staff_recovery_code")


def upgrade() -> None:
    connection = op.get_bind()
    for name in TABLES:
        table = sa.table(name, sa.column("batch", sa.LargeBinary))
        for batch in connection.execute(sa.select(table.c.batch).distinct()).scalars().all():
            new = secrets.token_bytes(32)
            connection.execute(sa.update(table).where(table.c.batch == batch).values(batch=new))


def downgrade() -> None:
    pass
