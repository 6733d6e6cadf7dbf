"""Pages of a list, newest first, that lead to what is older and to nothing else (decision 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import KeyedColumnElement

from portal.models.base import UtcDateTime
from portal.models.database import connection
from portal.rules import cursors

# A column of a table, or of a statement that is read like one.
Column = InstrumentedAttribute[Any] | KeyedColumnElement[Any]


@dataclass(frozen=True)
class OlderPage:
    """One page, newest first, and the cursor to what is older, None at the end."""

    rows: Sequence[Any]
    older: str | None


def read(
    statement: Select[*tuple[Any, ...]],
    place: tuple[Column, Column],
    size: int,
    of: Mapping[str, object],
    after: str | None,
) -> OlderPage:
    """A page of the rows of a statement. `place` are the columns of the time and the number by which they stand in
    order; both are among its columns. `of` names the list that a cursor belongs to.

    Raises `ValueError` for a cursor that is malformed or of another list.
    """
    digest, (time, number) = cursors.filter_digest(of), place
    if after:
        cursor = cursors.decode(after, digest)
        bound = tuple_(literal(cursor.time, UtcDateTime()), literal(cursor.row_id, number.type))
        statement = statement.where(tuple_(time, number) < bound)
    found = connection().execute(statement.order_by(time.desc(), number.desc()).limit(size + 1)).all()
    rows = found[:size]
    if len(found) == len(rows):
        return OlderPage(rows, None)
    last = rows[-1]
    return OlderPage(rows, cursors.encode(getattr(last, time.key), getattr(last, number.key), digest))
