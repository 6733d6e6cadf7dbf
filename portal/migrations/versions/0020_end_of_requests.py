"""An access request and its timeline may be deleted when the retention has ended, and not before (GDPR 5(1)(e), 5(2)).

Until now the timeline of any closed request could be. The database goes by its own clock: no moment that the program
names opens the way.
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Retention.LEGAL_CLAIMS at the time of this migration. The program reckons by days in Helsinki, whose clock changes: a day
# less keeps the two from disagreeing on one hour.
SQLITE_OVER = "closed_at < datetime('now', '-36 months', '+1 day')"
POSTGRESQL_OVER = "closed_at < now() - interval '36 months' + interval '1 day'"
NO_REWRITE = "the timeline of a request is append-only"
NO_DELETE = "a request is kept until its retention has ended"
OF_EVENT = "SELECT 1 FROM access_request WHERE id = OLD.request_id AND"
SQLITE_EVENT = """CREATE TRIGGER access_request_event_no_delete BEFORE DELETE ON access_request_event
    WHEN NOT EXISTS ({kept}) BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""
POSTGRESQL_EVENT = """CREATE OR REPLACE FUNCTION access_request_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS ({kept}) THEN RETURN OLD; END IF;
        RAISE EXCEPTION '{refusal}';
    END $$"""
SQLITE = (
    "DROP TRIGGER access_request_event_no_delete",
    SQLITE_EVENT.format(kept=f"{OF_EVENT} {SQLITE_OVER}", refusal=NO_REWRITE),
    f"""CREATE TRIGGER access_request_no_delete BEFORE DELETE ON access_request
    WHEN OLD.closed_at IS NULL OR NOT OLD.{SQLITE_OVER}
    BEGIN SELECT RAISE(ABORT, '{NO_DELETE}'); END""",
)
POSTGRESQL = (
    POSTGRESQL_EVENT.format(kept=f"{OF_EVENT} {POSTGRESQL_OVER}", refusal=NO_REWRITE),
    f"""CREATE FUNCTION access_request_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.{POSTGRESQL_OVER} THEN RETURN OLD; END IF;
        RAISE EXCEPTION '{NO_DELETE}';
    END $$""",
    """CREATE TRIGGER access_request_no_delete BEFORE DELETE ON access_request
    FOR EACH ROW EXECUTE FUNCTION access_request_keep()""",
)
BEFORE = f"{OF_EVENT} closed_at IS NOT NULL"
SQLITE_DOWN = (
    "DROP TRIGGER access_request_no_delete",
    "DROP TRIGGER access_request_event_no_delete",
    SQLITE_EVENT.format(kept=BEFORE, refusal=NO_REWRITE),
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER access_request_no_delete ON access_request",
    "DROP FUNCTION access_request_keep()",
    POSTGRESQL_EVENT.format(kept=BEFORE, refusal=NO_REWRITE),
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DOWN:
        op.execute(statement)
