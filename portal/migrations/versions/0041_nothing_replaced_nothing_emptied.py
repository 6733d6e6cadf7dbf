"""Refuse what would replace or empty the choices of customers (SECURITY 70) and the timelines of access requests, past
the triggers of before.

SQLite deletes what INSERT OR REPLACE replaces without asking a trigger for DELETE: the row of the same number, and of
the same form. PostgreSQL empties a table by TRUNCATE, also by that of a table it refers to, without asking a trigger for
each row. What retention deletes, it deletes row by row.
"""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER consent_event_no_replace BEFORE INSERT ON consent_event
    WHEN EXISTS (SELECT 1 FROM consent_event WHERE id = NEW.id OR rowid = NEW.rowid)
        OR EXISTS (SELECT 1 FROM consent_event
            WHERE customer_id = NEW.customer_id AND submission = NEW.submission AND kind = NEW.kind)
    BEGIN SELECT RAISE(ABORT, 'consents and prohibitions are append-only'); END""",
    """CREATE TRIGGER access_request_event_no_replace BEFORE INSERT ON access_request_event
    WHEN EXISTS (SELECT 1 FROM access_request_event WHERE id = NEW.id OR rowid = NEW.rowid)
    BEGIN SELECT RAISE(ABORT, 'the timeline of a request is append-only'); END""",
)
POSTGRESQL = (
    """CREATE TRIGGER consent_event_no_truncate BEFORE TRUNCATE ON consent_event
    FOR EACH STATEMENT EXECUTE FUNCTION consent_event_append_only()""",
    # The function of before looks at the row that goes, and here is none.
    """CREATE FUNCTION access_request_event_refused() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the timeline of a request is append-only'; END $$""",
    """CREATE TRIGGER access_request_event_no_truncate BEFORE TRUNCATE ON access_request_event
    FOR EACH STATEMENT EXECUTE FUNCTION access_request_event_refused()""",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER access_request_event_no_replace")
        op.execute("DROP TRIGGER consent_event_no_replace")
    else:
        op.execute("DROP TRIGGER access_request_event_no_truncate ON access_request_event")
        op.execute("DROP FUNCTION access_request_event_refused()")
        op.execute("DROP TRIGGER consent_event_no_truncate ON consent_event")
