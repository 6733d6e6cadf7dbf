"""The access request that a customer is still filling in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import JsonText, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "access_request_draft",
        sa.Column("id", big_id, nullable=False),
        sa.Column("customer_id", big_id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=True),
        sa.Column("categories", JsonText(), nullable=True),
        sa.Column("wishes", sa.Text(), nullable=True),
        sa.Column("contact_by", sa.String(length=20), nullable=True),
        sa.Column("contact", sa.String(length=300), nullable=True),
        sa.Column("delivery", sa.String(length=20), nullable=True),
        sa.Column("submission", sa.String(length=32), nullable=False),
        sa.Column("version", big_id, nullable=False),
        sa.CheckConstraint(
            "contact_by IN ('email', 'phone', 'post', 'other')", name=op.f("ck_access_request_draft_contact_by")
        ),
        sa.CheckConstraint("delivery IN ('portal', 'post', 'pick_up')", name=op.f("ck_access_request_draft_delivery")),
        sa.CheckConstraint("scope IN ('everything', 'chosen')", name=op.f("ck_access_request_draft_scope")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_access_request_draft_customer_id_customer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request_draft")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_access_request_draft_customer_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("access_request_draft")
