"""A question about identity that comes late needs its own reason, and moves no deadline (GDPR 12(3) and 12(6)).

Which questions are late is said by `rules/deadlines.py` in Helsinki's days. The database knows no such day and Helsinki
is two or three hours ahead of its clock: it refuses what is wrong by either, and leaves the hour between to the rules.
Questions that were asked before this stopped the clock, as their letters said.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models.base import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# The last day of a prompt question: ten days, as in `rules/deadlines.py` at the time of this migration.
LAST_DAY_SQLITE = "(SELECT date(received_on, '+10 days') FROM access_request WHERE id = NEW.request_id)"
LAST_DAY_POSTGRESQL = "(SELECT received_on + 10 FROM access_request WHERE id = NEW.request_id)"
ASKS = "NEW.kind = 'identity_asked'"
GIVEN = "NEW.late_reason IS NOT NULL"
NO_REASON = "a late question about identity needs a reason"
NO_LATENESS = "only a late question about identity has such a reason"
NO_MOVE = "a late question about identity moves no deadline"
LATE = "SELECT 1 FROM access_request_event WHERE request_id = OLD.id AND late_reason IS NOT NULL"
MOVES = f"OLD.state = 'identity_check' AND EXISTS ({LATE})"

# Before this the same reminder was noted where those of the deadline are: nobody is reminded of one question twice.
REMINDED = "UPDATE access_request SET question_reminded_at = reminded_at WHERE state = 'identity_check'"
REMINDED_DOWN = """UPDATE access_request SET reminded_at = question_reminded_at
WHERE state = 'identity_check' AND question_reminded_at IS NOT NULL"""


def day(hours: int, *, sqlite: bool) -> str:
    """The day of a step, so many hours ahead of UTC."""
    if sqlite:
        return f"date(NEW.occurred_at, '+{hours} hours')"
    return f"((NEW.occurred_at AT TIME ZONE 'UTC') + interval '{hours} hours')::date"


def last_day(*, sqlite: bool) -> str:
    return LAST_DAY_SQLITE if sqlite else LAST_DAY_POSTGRESQL


def needs_reason(*, sqlite: bool) -> str:
    """When a step wants the reason that it does not have."""
    return f"{ASKS} AND NOT ({GIVEN}) AND {day(2, sqlite=sqlite)} > {last_day(sqlite=sqlite)}"


def wants_none(*, sqlite: bool) -> str:
    """When a step has a reason that is not for it."""
    return f"{GIVEN} AND (NOT ({ASKS}) OR {day(3, sqlite=sqlite)} <= {last_day(sqlite=sqlite)})"


SQLITE = (
    f"""CREATE TRIGGER access_request_late_missing BEFORE INSERT ON access_request_event
    WHEN {needs_reason(sqlite=True)} BEGIN SELECT RAISE(ABORT, '{NO_REASON}'); END""",
    f"""CREATE TRIGGER access_request_late_needless BEFORE INSERT ON access_request_event
    WHEN {wants_none(sqlite=True)} BEGIN SELECT RAISE(ABORT, '{NO_LATENESS}'); END""",
    f"""CREATE TRIGGER access_request_late_due BEFORE UPDATE ON access_request
    WHEN NEW.due_on IS NOT OLD.due_on AND {MOVES} BEGIN SELECT RAISE(ABORT, '{NO_MOVE}'); END""",
)
SQLITE_DOWN = tuple(f"DROP TRIGGER access_request_late_{name}" for name in ("missing", "needless", "due"))
POSTGRESQL = (
    f"""CREATE FUNCTION access_request_late() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {needs_reason(sqlite=False)} THEN RAISE EXCEPTION '{NO_REASON}'; END IF;
        IF {wants_none(sqlite=False)} THEN RAISE EXCEPTION '{NO_LATENESS}'; END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER access_request_late BEFORE INSERT ON access_request_event
    FOR EACH ROW EXECUTE FUNCTION access_request_late()""",
    f"""CREATE FUNCTION access_request_late_due() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.due_on IS DISTINCT FROM OLD.due_on AND {MOVES} THEN RAISE EXCEPTION '{NO_MOVE}'; END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER access_request_late_due BEFORE UPDATE ON access_request
    FOR EACH ROW EXECUTE FUNCTION access_request_late_due()""",
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER access_request_late_due ON access_request",
    "DROP FUNCTION access_request_late_due()",
    "DROP TRIGGER access_request_late ON access_request_event",
    "DROP FUNCTION access_request_late()",
)


def upgrade() -> None:
    op.add_column("access_request_event", sa.Column("late_reason", sa.Text(), nullable=True))
    op.add_column("access_request", sa.Column("question_reminded_at", UtcDateTime(), nullable=True))
    op.execute(REMINDED)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DOWN:
        op.execute(statement)
    op.execute(REMINDED_DOWN)
    op.drop_column("access_request", "question_reminded_at")
    op.drop_column("access_request_event", "late_reason")
