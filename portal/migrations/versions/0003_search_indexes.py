"""Index the fragments by which employees search: customers' search text and order numbers.

SQLite keeps trigrams in FTS5 tables over the rows' own text, held in step by triggers; PostgreSQL in GIN indexes.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Order numbers get the two spaces before a word here; customers' texts have them already (models/search.py).
ORDER_NUMBERS = "CREATE VIEW order_number_source AS SELECT id, '  ' || lower(number) AS number FROM orders"
# table, its key and column, the index, what it reads when it is rebuilt, what a trigger writes for a row
INDEXES = (
    ("customer_search", "customer_id", "text", "customer_search_fts", "customer_search", "{row}.text"),
    ("orders", "id", "number", "order_number_fts", "order_number_source", "'  ' || lower({row}.number)"),
)
POSTGRESQL = (
    "CREATE INDEX ix_customer_search_text_trigram ON customer_search USING gin (text gin_trgm_ops)",
    "CREATE INDEX ix_orders_number_trigram ON orders USING gin (('  ' || lower(number)) gin_trgm_ops)",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _require_trigrams()
        for statement in POSTGRESQL:
            op.execute(statement)
        return
    op.execute(ORDER_NUMBERS)
    for table, key, column, index, content, value in INDEXES:
        _create_fts(table, key, column, index, content, value)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # The extension stays: another application may use it.
        op.execute("DROP INDEX ix_orders_number_trigram")
        op.execute("DROP INDEX ix_customer_search_text_trigram")
        return
    for _table, _key, _column, index, _content, _value in INDEXES:
        for event in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER {index}_{event}")
        op.execute(f"DROP TABLE {index}")
    op.execute("DROP VIEW order_number_source")


def _require_trigrams() -> None:
    bind = op.get_bind()
    if bind.execute(text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")).first() is None:
        raise RuntimeError(
            "PostgreSQL's extension pg_trgm is missing. Install it on the database server (on Debian it comes with the"
            " package postgresql, elsewhere with postgresql-contrib) and run the migration again."
        )
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def _create_fts(table: str, key: str, column: str, index: str, content: str, value: str) -> None:
    # No value of anybody is in these statements: names and columns are those at the top of this file.
    insert = f"INSERT INTO {index}(rowid, {column}) VALUES (new.{key}, {value.format(row='new')});"  # noqa: S608 (names from above)
    delete = f"INSERT INTO {index}({index}, rowid, {column}) VALUES ('delete', old.{key}, {value.format(row='old')});"  # noqa: S608
    for statement in (
        f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content='{content}', content_rowid='{key}',"
        " tokenize='trigram case_sensitive 1')",
        f"INSERT INTO {index}({index}) VALUES ('rebuild')",  # noqa: S608 (names from above)
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {insert} END",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {delete} END",
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF {column} ON {table} BEGIN {delete} {insert} END",
    ):
        op.execute(text(statement))
