"""Usage statistics of customers who consented to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "page_view",
        sa.Column("id", big_id, nullable=False),
        sa.Column("customer_id", big_id, nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("viewed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_page_view_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_view")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_page_view_customer_id_viewed_at_id"), "page_view", ["customer_id", "viewed_at", "id"]
    )
    op.create_index(op.f("ix_page_view_viewed_at"), "page_view", ["viewed_at"])


def downgrade() -> None:
    op.drop_table("page_view")
