"""The values of a customer's own row, each with its source: what the first page shows as pairs of name and value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from portal.rules.register_labels import column_label
from portal.rules.shown_values import shown
from portal.services.data_copy.index import Single
from portal.services.data_copy.sources import Sources, note
from portal.services.data_copy.tables import CopyTable
from portal.services.register.register_parts import Part


def singles(table: CopyTable, own: Row[Any] | None, sources: Sources, locale: str) -> list[Single]:
    """The parts of a single table: the values of the customer's own row. Without a row a part has no values."""
    if own is None:
        return [Single(part, []) for part in table.parts]
    values = {item.key: value for item, value in zip(table.columns, own, strict=True)}
    return [_single(part, values, sources, locale) for part in table.parts]


def _single(part: Part, values: Mapping[str, Any], sources: Sources, locale: str) -> Single:
    rows: list[dict[str, str | None]] = []
    for column in part.columns:
        value = values[column.name]
        given = value is not None and value != ""
        rows.append(
            {
                "key": column_label(part.table, column.name, locale),
                "value": shown(part.table, column.name, value, locale) if given else None,
                "note": note(column.name, sources, locale) if part.table == "customer" and given else None,
            }
        )
    return Single(part, rows)
