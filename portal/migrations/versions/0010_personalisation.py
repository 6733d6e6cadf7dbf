"""Interests that customers tell, and what is derived from the purchases of those who want suggestions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "interest",
        sa.Column("id", big_id, nullable=False),
        sa.Column("customer_id", big_id, nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=True),
        sa.Column("words", sa.String(length=60), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_interest_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint("customer_id", "topic", name=op.f("uq_interest_customer_id_topic")),
        sa.UniqueConstraint("customer_id", "words", name=op.f("uq_interest_customer_id_words")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "derived_fact",
        sa.Column("id", big_id, nullable=False),
        sa.Column("customer_id", big_id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("product", sa.String(length=300), nullable=True),
        sa.Column("interest", sa.String(length=60), nullable=True),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("out_of", sa.Integer(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        sa.Column("derived_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('often', 'interest', 'season', 'interval')", name=op.f("ck_derived_fact_kind")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_derived_fact_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_fact")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_derived_fact_customer_id_id"), "derived_fact", ["customer_id", "id"])


def downgrade() -> None:
    op.drop_table("derived_fact")
    op.drop_table("interest")
