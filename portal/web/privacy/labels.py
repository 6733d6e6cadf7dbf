"""What the privacy pages call columns of the register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.rules import register_labels
from portal.rules.register import Withheld, text_code
from portal.rules.texts import text


def column_label(column: Any, locale: str) -> str:
    """The name of a column, as the notice calls it."""
    return register_labels.column_label(column.table, column.name, locale)


def left_out_reason(reason: str, locale: str) -> str:
    """Why an answer in writing left something out."""
    return text(text_code(Withheld(reason)), locale)


def withheld_rows(columns: Iterable[Any], locale: str) -> list[dict[str, str]]:
    """What is stored and not shown, each with the reason, as rows of a summary list."""
    return [
        {"key": column_label(column, locale), "value": text(text_code(column.declared.withheld), locale)}
        for column in columns
    ]
