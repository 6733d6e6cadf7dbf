"""Refuse what would stand beside the chain of audit events, or replace it, past the triggers of before (SECURITY 65).

Positions begin at 1. SQLite deletes what INSERT OR REPLACE replaces without asking a trigger for DELETE, and
PostgreSQL empties a table by TRUNCATE without asking one for each row. Triggers and not a constraint: a row that
somebody planted before must stay as the evidence, and must not keep the program from being updated.
"""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
    WHEN NEW.seq IS NULL OR NEW.seq <= 0
        OR EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq OR rowid = NEW.rowid)
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION audit_event_refused() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit events are append-only';
    END $$""",
    """CREATE TRIGGER audit_event_no_position BEFORE INSERT ON audit_event
    FOR EACH ROW WHEN (NEW.seq <= 0) EXECUTE FUNCTION audit_event_refused()""",
    """CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refused()""",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_event_no_replace")
    else:
        op.execute("DROP TRIGGER audit_event_no_truncate ON audit_event")
        op.execute("DROP TRIGGER audit_event_no_position ON audit_event")
        op.execute("DROP FUNCTION audit_event_refused()")
