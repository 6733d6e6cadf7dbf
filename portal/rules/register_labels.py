"""What pages and copies call the parts and columns of the register."""

from __future__ import annotations

from portal.rules.texts import TEXTS, text
from portal.rules.texts.fields import label_code


def part_label(category: str, table: str, locale: str) -> str:
    """The name of a part: its own where one table holds several categories, or the table's."""
    own = f"part.{category}.{table}"
    return text(own if own in TEXTS else f"part.{table}", locale)


def table_label(table: str, locale: str) -> str:
    """The name of a whole table."""
    return text(f"part.{table}", locale)


def column_label(table: str, column: str, locale: str) -> str:
    """The name of a column, as the notice calls it."""
    return text(label_code(table, column), locale)
