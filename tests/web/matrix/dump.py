"""The whole content of the database, table by table, so that two moments can be compared."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import Column, Integer, Table, select

from portal.models.base import Base, UtcDateTime, db

Dump = dict[str, list[dict[str, Any]]]
# Far above every length a column declares; what is longer was stored without a check.
LONGEST_TEXT = 5_000


def dump(app: Flask) -> Dump:
    """Every row of every table, in the order they were made."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*_order(table))).mappings()]
            for table in Base.metadata.sorted_tables
        }


def _order(table: Table) -> list[Column[Any]]:
    """Row numbers grow; a random key says nothing, so that the moments of the row come before it."""
    key = list(table.primary_key)
    if all(isinstance(column.type, Integer) for column in key):
        return key
    return [column for column in table.columns if isinstance(column.type, UtcDateTime)] + key


def changed(before: Dump, after: Dump) -> set[str]:
    """The tables whose content differs."""
    return {name for name in before if before[name] != after[name]}


def unfit_texts(content: Dump) -> Iterator[str]:
    """Stored texts that no form should have let through: control characters, or no end."""
    for table, rows in content.items():
        for row in rows:
            for column, value in row.items():
                if isinstance(value, str) and (len(value) > LONGEST_TEXT or _has_control(value)):
                    yield f"{table}.{column} holds {value[:60]!r} ({len(value)} characters)"


def _has_control(text: str) -> bool:
    # Mail and notes have lines; nothing else among the control characters is text.
    return any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n" for character in text)
