"""The days of an access request are final: in the database itself (GDPR 5(2), 12(3)).

What was asked for and the day of receipt never change. The deadline moves while a question about identity is open, and
with an extension; a decided request keeps its deadline, its extension and the moment of its decision.
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SIGNED = ("reference", "statement", "statement_sha256", "signed_name", "signed_at", "channel", "created_at")
ASKED = ("received_on", "scope", "categories", "wishes", "delivery", "contact", "language")
DAYS = ("closed_at", "due_on", "extended_at")
EXTENDS = "(OLD.state <> 'extended' AND NEW.state = 'extended')"
NO_EDIT = "what was asked for is not changed afterwards"
NO_DAYS = "a decided request keeps its days"
NO_EXTENSION = "an extension is announced once"
NO_MOVE_OF_DUE = "the deadline moves with a question about identity or an extension"


def changed(*names: str) -> str:
    """Whether one of these columns changes, for PostgreSQL."""
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in names)


# Each guard: its name, when it refuses, and with which words.
GUARDS = (
    ("decided", f"OLD.closed_at IS NOT NULL AND ({changed(*DAYS)})", NO_DAYS),
    ("extended", f"({changed('extended_at')}) AND NOT {EXTENDS}", NO_EXTENSION),
    ("due", f"({changed('due_on')}) AND NOT (OLD.state = 'identity_check' OR {EXTENDS})", NO_MOVE_OF_DUE),
)


def sqlite_trigger(name: str, when: str, words: str) -> str:
    """The trigger of a guard."""
    return f"""CREATE TRIGGER access_request_{name} BEFORE UPDATE ON access_request
    WHEN {when.replace("IS DISTINCT FROM", "IS NOT")} BEGIN SELECT RAISE(ABORT, '{words}'); END"""


SIGNED_DOWN = sqlite_trigger("signed", changed(*SIGNED), NO_EDIT)
SQLITE = (
    "DROP TRIGGER access_request_signed",
    sqlite_trigger("signed", changed(*SIGNED, *ASKED), NO_EDIT),
    *(sqlite_trigger(*guard) for guard in GUARDS),
)
SQLITE_DOWN = (
    *(f"DROP TRIGGER access_request_{name}" for name, _, _ in GUARDS),
    "DROP TRIGGER access_request_signed",
    SIGNED_DOWN,
)
# Beside the function that guards the moves and what was signed.
CHECKS = "\n".join(
    f"IF {when} THEN RAISE EXCEPTION '{words}'; END IF;"
    for _, when, words in (("asked", changed(*ASKED), NO_EDIT), *GUARDS)
)
POSTGRESQL = (
    f"""CREATE FUNCTION access_request_days() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {CHECKS}
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER access_request_days BEFORE UPDATE ON access_request
    FOR EACH ROW EXECUTE FUNCTION access_request_days()""",
)
POSTGRESQL_DOWN = ("DROP TRIGGER access_request_days ON access_request", "DROP FUNCTION access_request_days()")


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DOWN:
        op.execute(statement)
