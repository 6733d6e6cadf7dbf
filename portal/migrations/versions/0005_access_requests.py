"""Written access requests with their timeline, letters, correspondence and checks; stored files and data copies.

Triggers refuse a change of state that the rules do not know, a change of what was signed, and any change of the timeline
(GDPR 5(2)). A closed request's timeline may be deleted as a whole when its retention has ended.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import JsonText, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# As in `rules/access_requests.py` at the time of this migration.
MOVES = (
    ("received", "in_progress"),
    ("received", "identity_check"),
    ("received", "withdrawn"),
    ("identity_check", "in_progress"),
    ("identity_check", "refused"),
    ("identity_check", "withdrawn"),
    ("in_progress", "identity_check"),
    ("in_progress", "extended"),
    ("in_progress", "answered"),
    ("in_progress", "partly_answered"),
    ("in_progress", "refused"),
    ("in_progress", "withdrawn"),
    ("extended", "answered"),
    ("extended", "partly_answered"),
    ("extended", "refused"),
    ("extended", "withdrawn"),
)
ALLOWED = " OR ".join(f"(OLD.state = '{before}' AND NEW.state = '{after}')" for before, after in MOVES)
SIGNED = " OR ".join(
    f"NEW.{name} IS DISTINCT FROM OLD.{name}"
    for name in ("reference", "statement", "statement_sha256", "signed_name", "signed_at", "channel", "created_at")
)
NO_MOVE = "this change of state is not allowed"
NO_EDIT = "what was asked for is not changed afterwards"
NO_REWRITE = "the timeline of a request is append-only"
CLOSED = "SELECT 1 FROM access_request WHERE id = OLD.request_id AND closed_at IS NOT NULL"
SQLITE = (
    f"""CREATE TRIGGER access_request_moves BEFORE UPDATE OF state ON access_request
    WHEN NEW.state <> OLD.state AND NOT ({ALLOWED})
    BEGIN SELECT RAISE(ABORT, '{NO_MOVE}'); END""",
    f"""CREATE TRIGGER access_request_signed BEFORE UPDATE ON access_request
    WHEN {SIGNED.replace("IS DISTINCT FROM", "IS NOT")}
    BEGIN SELECT RAISE(ABORT, '{NO_EDIT}'); END""",
    f"""CREATE TRIGGER access_request_event_no_update BEFORE UPDATE ON access_request_event
    BEGIN SELECT RAISE(ABORT, '{NO_REWRITE}'); END""",
    f"""CREATE TRIGGER access_request_event_no_delete BEFORE DELETE ON access_request_event
    WHEN NOT EXISTS ({CLOSED})
    BEGIN SELECT RAISE(ABORT, '{NO_REWRITE}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION access_request_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT ({ALLOWED}) THEN RAISE EXCEPTION '{NO_MOVE}'; END IF;
        IF {SIGNED} THEN RAISE EXCEPTION '{NO_EDIT}'; END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER access_request_guard BEFORE UPDATE ON access_request
    FOR EACH ROW EXECUTE FUNCTION access_request_guard()""",
    f"""CREATE FUNCTION access_request_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS ({CLOSED}) THEN RETURN OLD; END IF;
        RAISE EXCEPTION '{NO_REWRITE}';
    END $$""",
    """CREATE TRIGGER access_request_event_append_only BEFORE UPDATE OR DELETE ON access_request_event
    FOR EACH ROW EXECUTE FUNCTION access_request_event_append_only()""",
)
TABLES = (
    "access_request_event",
    "access_request_attachment",
    "data_copy",
    "access_request_note",
    "access_request_letter",
    "access_request_check",
    "stored_file",
    "access_request",
    "number_series",
)


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "access_request",
        sa.Column("id", big_id, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("customer_id", big_id, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("categories", JsonText(), nullable=False),
        sa.Column("wishes", sa.Text(), nullable=True),
        sa.Column("delivery", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("signed_name", sa.String(length=200), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("earlier_id", big_id, nullable=True),
        sa.Column("assigned_id", big_id, nullable=True),
        sa.Column("entered_by_id", big_id, nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("submission", sa.String(length=32), nullable=True),
        sa.Column("version", big_id, nullable=False),
        sa.CheckConstraint("(channel = 'account') = (signed_at IS NOT NULL)", name=op.f("ck_access_request_signature")),
        sa.CheckConstraint(
            "(state IN ('answered', 'partly_answered', 'refused', 'withdrawn')) = (closed_at IS NOT NULL)",
            name=op.f("ck_access_request_closed"),
        ),
        sa.CheckConstraint(
            "channel IN ('account', 'letter', 'email', 'phone', 'in_store')", name=op.f("ck_access_request_channel")
        ),
        sa.CheckConstraint("delivery IN ('portal', 'post', 'pick_up')", name=op.f("ck_access_request_delivery")),
        sa.CheckConstraint("scope IN ('everything', 'chosen')", name=op.f("ck_access_request_scope")),
        sa.CheckConstraint(
            "state IN ('received', 'identity_check', 'in_progress', 'extended', 'answered', 'partly_answered', 'refused', 'withdrawn')",
            name=op.f("ck_access_request_state"),
        ),
        sa.ForeignKeyConstraint(["assigned_id"], ["staff.id"], name=op.f("fk_access_request_assigned_id_staff")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_access_request_customer_id_customer")),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["access_request.id"], name=op.f("fk_access_request_earlier_id_access_request")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["staff.id"], name=op.f("fk_access_request_entered_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
        sa.UniqueConstraint("customer_id", "submission", name=op.f("uq_access_request_customer_id_submission")),
        sa.UniqueConstraint("reference", name=op.f("uq_access_request_reference")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("access_request") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_access_request_assigned_id_closed_at"), ["assigned_id", "closed_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_access_request_closed_at_due_on_id"), ["closed_at", "due_on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_access_request_customer_id_received_on"), ["customer_id", "received_on"], unique=False
        )

    op.create_table(
        "stored_file",
        sa.Column("id", big_id, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("customer_id", big_id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_stored_file_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("uuid", name=op.f("uq_stored_file_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("stored_file") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stored_file_customer_id_created_at"), ["customer_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stored_file_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "access_request_check",
        sa.Column("request_id", big_id, nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("attested_at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_access_request_check_request_id_access_request")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_access_request_check_staff_id_staff")),
        sa.PrimaryKeyConstraint("request_id", "source", name=op.f("pk_access_request_check")),
    )
    op.create_table(
        "access_request_letter",
        sa.Column("id", big_id, nullable=False),
        sa.Column("request_id", big_id, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", big_id, nullable=False),
        sa.Column("file_id", big_id, nullable=False),
        sa.CheckConstraint(
            "kind IN ('identity_question', 'extension', 'answer', 'partial_answer', 'refusal')",
            name=op.f("ck_access_request_letter_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_access_request_letter_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_access_request_letter_request_id_access_request")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_access_request_letter_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_access_request_letter_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("access_request_letter") as batch_op:
        batch_op.create_index(batch_op.f("ix_access_request_letter_request_id_id"), ["request_id", "id"], unique=False)

    op.create_table(
        "access_request_note",
        sa.Column("id", big_id, nullable=False),
        sa.Column("request_id", big_id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", big_id, nullable=True),
        sa.Column("submission", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "kind IN ('internal', 'from_customer', 'to_customer')", name=op.f("ck_access_request_note_kind")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_access_request_note_request_id_access_request")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_access_request_note_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request_note")),
        sa.UniqueConstraint("request_id", "submission", name=op.f("uq_access_request_note_request_id_submission")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("access_request_note") as batch_op:
        batch_op.create_index(batch_op.f("ix_access_request_note_request_id_id"), ["request_id", "id"], unique=False)

    op.create_table(
        "data_copy",
        sa.Column("id", big_id, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("customer_id", big_id, nullable=False),
        sa.Column("request_id", big_id, nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=60), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.Column("file_id", big_id, nullable=True),
        sa.CheckConstraint("state <> 'ready' OR file_id IS NOT NULL", name=op.f("ck_data_copy_file")),
        sa.CheckConstraint(
            "state IN ('waiting', 'building', 'ready', 'failed', 'expired')", name=op.f("ck_data_copy_state")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_data_copy_customer_id_customer")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_data_copy_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_data_copy_request_id_access_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_copy")),
        sa.UniqueConstraint("uuid", name=op.f("uq_data_copy_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("data_copy") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_data_copy_customer_id_created_at"), ["customer_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_data_copy_request_id"), ["request_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_data_copy_state_next_attempt_at"), ["state", "next_attempt_at"], unique=False
        )

    op.create_table(
        "access_request_attachment",
        sa.Column("note_id", big_id, nullable=False),
        sa.Column("file_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_access_request_attachment_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["access_request_note.id"],
            name=op.f("fk_access_request_attachment_note_id_access_request_note"),
        ),
        sa.PrimaryKeyConstraint("note_id", "file_id", name=op.f("pk_access_request_attachment")),
    )
    op.create_table(
        "access_request_event",
        sa.Column("id", big_id, nullable=False),
        sa.Column("request_id", big_id, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("staff_id", big_id, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("letter_id", big_id, nullable=True),
        sa.CheckConstraint(
            "kind IN ('received', 'taken_up', 'assigned', 'identity_asked', 'identity_confirmed', 'extended', 'reminded', 'answered', 'partly_answered', 'refused', 'withdrawn')",
            name=op.f("ck_access_request_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["access_request_letter.id"],
            name=op.f("fk_access_request_event_letter_id_access_request_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_access_request_event_request_id_access_request")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_access_request_event_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request_event")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("access_request_event") as batch_op:
        batch_op.create_index(batch_op.f("ix_access_request_event_request_id_id"), ["request_id", "id"], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    # The triggers go with the tables.
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION access_request_guard()")
        op.execute("DROP FUNCTION access_request_event_append_only()")
