"""When the orders of customers who want suggestions were last looked at, so that nobody is looked at every hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "derivation",
        sa.Column("customer_id", big_id, nullable=False),
        sa.Column("derived_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_derivation_customer_id_customer")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_derivation")),
    )


def downgrade() -> None:
    op.drop_table("derivation")
