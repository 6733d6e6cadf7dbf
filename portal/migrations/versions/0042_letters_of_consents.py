"""The day on which the letter was posted that confirms a consent by phone to a customer without an e-mail address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "consent_letter",
        sa.Column("id", big_id, nullable=False),
        sa.Column("event_id", big_id, nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["consent_event.id"], name=op.f("fk_consent_letter_event_id_consent_event")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_consent_letter_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_letter")),
        sa.UniqueConstraint("event_id", name=op.f("uq_consent_letter_event_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("consent_letter")
