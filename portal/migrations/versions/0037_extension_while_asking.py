"""The time may be extended while a question about identity is open, which stays open (GDPR 12(3)).

Until now only a request in progress could be: where the answer about the identity kept the customer or us waiting until
the month ran out, the extension could not be announced in time. The request goes on to wait for the customer; once the
identity is confirmed, it is one whose time was extended.
"""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# As in `rules/access_requests.py` at the time of this migration, but for the two moves that end a question.
MOVES = (
    ("received", "in_progress"),
    ("received", "identity_check"),
    ("received", "withdrawn"),
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
SETTLED = ("identity_check", "in_progress"), ("identity_check", "extended")
SIGNED = ("reference", "statement", "statement_sha256", "signed_name", "signed_at", "channel", "created_at")
ASKED = ("received_on", "scope", "categories", "wishes", "delivery", "contact", "language")
DAYS = ("closed_at", "due_on", "extended_at")
NO_MOVE = "this change of state is not allowed"
NO_EDIT = "what was asked for is not changed afterwards"
NO_DAYS = "a decided request keeps its days"
NO_EXTENSION = "an extension is announced once"
NO_MOVE_OF_DUE = "the deadline moves with a question about identity or an extension"
NO_LATE_MOVE = "a late question about identity moves no deadline"
LATE = "SELECT 1 FROM access_request_event WHERE request_id = OLD.id AND late_reason IS NOT NULL"


def pair(before: str, after: str) -> str:
    """One change of state."""
    return f"(OLD.state = '{before}' AND NEW.state = '{after}')"


def changed(*names: str) -> str:
    """Whether one of these columns changes, for PostgreSQL."""
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in names)


WAITS = pair("identity_check", "identity_check")
ONCE = "OLD.extended_at IS NULL AND NEW.extended_at IS NOT NULL"
FREE = " OR ".join(pair(*move) for move in MOVES)
NEW_ALLOWED = (
    f"{FREE} OR ({pair(*SETTLED[0])} AND OLD.extended_at IS NULL) OR ({pair(*SETTLED[1])} AND OLD.extended_at IS NOT NULL)"
)
OLD_ALLOWED = f"{FREE} OR {pair(*SETTLED[0])}"
NEW_EXTENDS = f"({pair('in_progress', 'extended')} OR ({WAITS} AND {ONCE}))"
OLD_EXTENDS = "(OLD.state <> 'extended' AND NEW.state = 'extended')"
OLD_LATE = f"OLD.state = 'identity_check' AND EXISTS ({LATE})"
NEW_LATE = f"{OLD_LATE} AND NOT ({WAITS} AND {ONCE})"


def guards(allowed: str, extends: str, late: str) -> dict[str, tuple[str, str]]:
    """When each guard refuses, and with which words, by its name."""
    return {
        "moves": (f"NEW.state <> OLD.state AND NOT ({allowed})", NO_MOVE),
        "extended": (f"({changed('extended_at')}) AND NOT {extends}", NO_EXTENSION),
        "due": (f"({changed('due_on')}) AND NOT (OLD.state = 'identity_check' OR {extends})", NO_MOVE_OF_DUE),
        "late_due": (f"{changed('due_on')} AND {late}", NO_LATE_MOVE),
    }


def sqlite(found: dict[str, tuple[str, str]]) -> list[str]:
    """The triggers of the guards, instead of those of the same names."""
    statements = []
    for name, (when, words) in found.items():
        of = " OF state" if name == "moves" else ""
        statements += [
            f"DROP TRIGGER access_request_{name}",
            f"""CREATE TRIGGER access_request_{name} BEFORE UPDATE{of} ON access_request
    WHEN {when.replace("IS DISTINCT FROM", "IS NOT")} BEGIN SELECT RAISE(ABORT, '{words}'); END""",
        ]
    return statements


def postgresql(found: dict[str, tuple[str, str]]) -> list[str]:
    """The functions of the triggers, with these guards and those that stay."""
    decided = (f"OLD.closed_at IS NOT NULL AND ({changed(*DAYS)})", NO_DAYS)
    bodies = {
        "access_request_guard": (found["moves"], (changed(*SIGNED), NO_EDIT)),
        "access_request_days": ((changed(*ASKED), NO_EDIT), decided, found["extended"], found["due"]),
        "access_request_late_due": (found["late_due"],),
    }
    return [
        f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {" ".join(f"IF {when} THEN RAISE EXCEPTION '{words}'; END IF;" for when, words in checks)}
        RETURN NEW;
    END $$"""
        for name, checks in bodies.items()
    ]


def replace(found: dict[str, tuple[str, str]]) -> None:
    """Let these guards stand."""
    for statement in sqlite(found) if op.get_bind().dialect.name == "sqlite" else postgresql(found):
        op.execute(statement)


def upgrade() -> None:
    replace(guards(NEW_ALLOWED, NEW_EXTENDS, NEW_LATE))


def downgrade() -> None:
    # Under the old guards such a request could go on only as if its time had not been extended: it is, and stays so.
    replace(guards(OLD_ALLOWED, OLD_EXTENDS, OLD_LATE))
