"""The second factor of customers, recovery codes for everybody, and the step between the two factors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for name, kind in (
        ("totp_seed", sa.Text()),
        ("totp_pending", sa.Text()),
        ("totp_last_step", sa.BigInteger()),
        ("totp_since", UtcDateTime()),
    ):
        op.add_column("account", sa.Column(name, kind, nullable=True))
    op.create_table(
        "login_step",
        sa.Column("id", big_id, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", big_id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_login_step_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_step")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_step_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_login_step_account_id"), "login_step", ["account_id"])
    op.create_index(op.f("ix_login_step_created_at"), "login_step", ["created_at"])
    for table, owner in (("recovery_code", "account"), ("staff_recovery_code", "staff")):
        column = f"{owner}_id"
        op.create_table(
            table,
            sa.Column("id", big_id, nullable=False),
            sa.Column(column, big_id, nullable=False),
            sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
            sa.Column("batch", sa.LargeBinary(length=32), nullable=False),
            sa.Column("created_at", UtcDateTime(), nullable=False),
            sa.Column("used_at", UtcDateTime(), nullable=True),
            sa.ForeignKeyConstraint(
                [column], [f"{owner}.id"], name=op.f(f"fk_{table}_{column}_{owner}"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sqlite_autoincrement=True,
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in ("staff_recovery_code", "recovery_code", "login_step"):
        op.drop_table(table)
    for name in ("totp_since", "totp_last_step", "totp_pending", "totp_seed"):
        op.drop_column("account", name)
