"""Announcements: marketing that employees write and send to whoever may be contacted by e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "announcement",
        sa.Column("id", big_id, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", big_id, nullable=False),
        sa.Column("sender_id", big_id, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("reached_id", big_id, nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'sending', 'sent')", name=op.f("ck_announcement_state")),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name=op.f("fk_announcement_author_id_staff")),
        sa.ForeignKeyConstraint(["sender_id"], ["staff.id"], name=op.f("fk_announcement_sender_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("uuid", name=op.f("uq_announcement_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_announcement_state"), "announcement", ["state"])
    op.create_index(op.f("ix_announcement_created_at"), "announcement", ["created_at"])
    # The messages of an announcement are counted among all others.
    op.create_index(op.f("ix_message_kind_params"), "message", ["kind", "params"])


def downgrade() -> None:
    op.drop_index(op.f("ix_message_kind_params"), "message")
    op.drop_table("announcement")
