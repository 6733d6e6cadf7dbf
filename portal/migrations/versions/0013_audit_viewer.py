"""The log as employees read it: ways through it by time for each filter, and verifications that run in steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BY_POSITION = ("customer_id", "action", "staff_id")
BY_TIME = ("action", "actor_kind", "customer_id", "staff_id")


def upgrade() -> None:
    for name in BY_POSITION:
        op.drop_index(op.f(f"ix_audit_event_{name}_seq"), "audit_event")
    for name in BY_TIME:
        op.create_index(op.f(f"ix_audit_event_{name}_occurred_at_seq"), "audit_event", [name, "occurred_at", "seq"])
    op.create_index(op.f("ix_audit_event_occurred_at_seq"), "audit_event", ["occurred_at", "seq"])
    op.create_index(op.f("ix_audit_event_request_id"), "audit_event", ["request_id"])
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_check",
        sa.Column("id", big_id, nullable=False),
        sa.Column("staff_id", big_id, nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("reached_seq", sa.BigInteger(), nullable=False),
        sa.Column("reached_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("bad_seq", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_check_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_check")),
        sa.UniqueConstraint("running", name=op.f("uq_audit_check_running")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("audit_check")
    op.drop_index(op.f("ix_audit_event_request_id"), "audit_event")
    op.drop_index(op.f("ix_audit_event_occurred_at_seq"), "audit_event")
    for name in BY_TIME:
        op.drop_index(op.f(f"ix_audit_event_{name}_occurred_at_seq"), "audit_event")
    for name in BY_POSITION:
        op.create_index(op.f(f"ix_audit_event_{name}_seq"), "audit_event", [name, "seq"])
