"""Consents and prohibitions, append-only by triggers in the database itself (SECURITY 70)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER consent_event_no_update BEFORE UPDATE ON consent_event
    BEGIN SELECT RAISE(ABORT, 'consents and prohibitions are append-only'); END""",
    """CREATE TRIGGER consent_event_no_delete BEFORE DELETE ON consent_event
    BEGIN SELECT RAISE(ABORT, 'consents and prohibitions are append-only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION consent_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'consents and prohibitions are append-only'; END $$""",
    """CREATE TRIGGER consent_event_append_only BEFORE UPDATE OR DELETE ON consent_event
    FOR EACH ROW EXECUTE FUNCTION consent_event_append_only()""",
)


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "consent_event",
        sa.Column("id", big_id, nullable=False),
        sa.Column("customer_id", big_id, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", big_id, nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("wording_version", sa.Integer(), nullable=False),
        sa.Column("submission", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "action IN ('given', 'withdrawn', 'forbidden', 'allowed')", name=op.f("ck_consent_event_action")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_consent_event_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
        sa.UniqueConstraint(
            "customer_id", "submission", "kind", name=op.f("uq_consent_event_customer_id_submission_kind")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consent_event_customer_id_kind_id"), "consent_event", ["customer_id", "kind", "id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    # The triggers go with the table.
    op.drop_table("consent_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION consent_event_append_only()")
