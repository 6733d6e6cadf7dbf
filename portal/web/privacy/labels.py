"""What the privacy pages call columns and parts of the register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.rules.register import text_code
from portal.rules.texts import TEXTS, text
from portal.rules.texts.fields import label_code


def part_label(category: str, table: str, locale: str) -> str:
    """The name of a part: its own where one table holds several categories, or the table's."""
    own = f"part.{category}.{table}"
    return text(own if own in TEXTS else f"part.{table}", locale)


def column_label(column: Any, locale: str) -> str:
    """The name of a column, as the notice calls it."""
    return text(label_code(column.table, column.name), locale)


def withheld_rows(columns: Iterable[Any], locale: str) -> list[dict[str, str]]:
    """What is stored and not shown, each with the reason, as rows of a summary list."""
    return [
        {"key": column_label(column, locale), "value": text(text_code(column.declared.withheld), locale)}
        for column in columns
    ]
