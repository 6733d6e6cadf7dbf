"""Pages of a list, newest first, that lead to what is older and to what is newer (decision 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import KeyedColumnElement

from portal.models.base import UtcDateTime
from portal.models.database import connection
from portal.rules import cursors

R = TypeVar("R")
# Columns of a table, or of a statement that is read like one.
Place = tuple[
    InstrumentedAttribute[Any] | KeyedColumnElement[Any], InstrumentedAttribute[int] | KeyedColumnElement[Any]
]


@dataclass(frozen=True)
class TwoWayPage:
    """One page, newest first, with the cursors to its neighbours, None where the list ends."""

    rows: Sequence[Any]
    newer: str | None = None
    older: str | None = None


def read(
    statement: Select[*tuple[Any, ...]],
    place: Place,
    size: int,
    of: Mapping[str, object],
    *,
    after: str | None,
    before: str | None,
    values: Mapping[str, object] | None = None,
) -> TwoWayPage:
    """A page of the rows of a statement with these bound `values`. `place` are the time and the number by which they
    stand in order; both are among its columns. `of` names the list that a cursor belongs to.

    `after` is a cursor to what is older, `before` to what is newer. Raises `ValueError` for both at once and for a
    cursor that is malformed or of another list.
    """
    if after and before:
        raise ValueError("one direction at a time")
    digest, (time, number) = cursors.filter_digest(of), place
    if given := after or before:
        cursor = cursors.decode(given, digest)
        there = tuple_(literal(cursor.time, UtcDateTime()), literal(cursor.row_id, number.type))
        here: ColumnElement[Any] = tuple_(time, number)
        statement = statement.where(here > there if before else here < there)
    order = (time.asc(), number.asc()) if before else (time.desc(), number.desc())
    found = connection().execute(statement.order_by(*order).limit(size + 1), values).all()
    rows, has_newer, has_older = turn(found, size, after=after, before=before)
    ends = [(getattr(row, time.key), getattr(row, number.key)) for row in (*rows[:1], *rows[-1:])]
    return TwoWayPage(
        rows,
        cursors.encode(*ends[0], digest) if has_newer else None,
        cursors.encode(*ends[-1], digest) if has_older else None,
    )


def turn(found: Sequence[R], size: int, *, after: object, before: object) -> tuple[list[R], bool, bool]:
    """Of up to `size` + 1 rows next to a cursor, the nearest first: those of one page in the list's order, and whether
    anything lies before and behind them there."""
    more, rows = len(found) > size, list(found[:size])
    if before:
        rows.reverse()
        return rows, more, bool(rows)
    return rows, bool(after and rows), more
