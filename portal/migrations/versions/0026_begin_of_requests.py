"""An access request begins as received, stays its customer's, and its letters stay as they were sent (GDPR 5(2)).

The guards of the moves speak of a change alone: a row could be born decided, or given to another customer. A letter is the
decision that the customer holds in their hands, so that no later version of it may stand in the register.
"""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BORN_LATER = "NEW.state <> 'received' OR NEW.closed_at IS NOT NULL OR NEW.extended_at IS NOT NULL"
OTHER_CUSTOMER = "NEW.customer_id <> OLD.customer_id"
# Each guard: its name, the table, what it stands before, when it refuses, and with which words.
GUARDS = (
    ("access_request_begin", "access_request", "INSERT", BORN_LATER, "a request begins as received"),
    ("access_request_customer", "access_request", "UPDATE", OTHER_CUSTOMER, "a request stays its customer's"),
    ("access_request_letter_no_update", "access_request_letter", "UPDATE", "TRUE", "a letter that was sent is not changed"),
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, act, when, words in GUARDS:
        quoted = words.replace("'", "''")
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{quoted}'); END"
            )
            continue
        op.execute(
            f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{quoted}';
            END $$"""
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, _, _, _ in GUARDS:
        if sqlite:
            op.execute(f"DROP TRIGGER {name}")
            continue
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
