"""Conditions over however many keys, all of them bound as one value: an array on PostgreSQL, JSON on SQLite.

A statement with a parameter for each key would be built and planned anew for every number of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from portal.models.base import BigId, canonical_json
from portal.models.database import connection


def among(column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """The condition that `column` is one of the values bound by `listed` under `name`."""
    if connection().dialect.name == "postgresql":
        kind = String if isinstance(column.type, String) else BigId
        return column == any_(bindparam(name, type_=ARRAY(kind)))
    return column.in_(select(func.json_each(bindparam(name, type_=String)).table_valued("value").c.value))


def listed(values: Sequence[str] | Sequence[int]) -> Any:
    """The value to bind for `among`."""
    return list(values) if connection().dialect.name == "postgresql" else canonical_json(list(values))
