"""All rows of one part of a customer's register, newest first, a page at a time, straight from the declarations.

A cursor holds the moment of the last row and how many rows of that very moment were shown: tables whose keys have two
columns or none that count are walked in the same way, and only rows of one moment are ever skipped over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, not_

from portal.models.base import UtcDateTime
from portal.models.database import connection
from portal.models.register import PersonalColumn
from portal.rules import cursors
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.rules.register import Retention, Start
from portal.rules.retention import financial_year_end, last_day
from portal.services.register.left_out import still_left_out
from portal.services.register.register_parts import (
    TELLING,
    Part,
    borrowed,
    family,
    hidden_columns,
    is_own,
    moment_of,
    name_of,
    part_of,
    rows_of,
)
from portal.services.register.unreviewed import hides, reviewed

PAGE_SIZE = 20
EMPTY: tuple[Any, ...] = (None, "", [], {})
# The moment in cursors of tables that tell none.
NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
# How a row is to be read; borrowed from the order where the row belongs to one.
CURRENCY = "currency"
BESIDE = (CURRENCY, "placed_at", "field", "last_seen_at")


@dataclass(frozen=True)
class Entry:
    """One row. `values` are its personal values that are not empty; `name` is the number of its order or request (the
    part's `name_of`), `field` the detail that a change is about, `currency` that of its amounts, `telling` what else
    tells it apart, by column; `unreviewed` are values that are not shown before an employee has looked at them."""

    moment: datetime | None
    name: str | None
    field: str | None
    currency: str | None
    values: tuple[tuple[PersonalColumn, Any], ...]
    unreviewed: tuple[PersonalColumn, ...]
    kept_until: date | None
    telling: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class EntryPage:
    """One page of a part, and the cursor to what is older, None at the end. `left_out` is the reason for which an
    answer in writing left the part out: then nothing of it was read."""

    part: Part
    entries: list[Entry]
    older: str | None
    left_out: str | None = None


def read(context: Context, customer_id: int, category: str, slug: str, after: str | None = None) -> EntryPage:
    """A page of a part: one query, and one for what is left out. Raises `NotFound` for a part there is not, and
    `ValueError` for a bad cursor.

    Of a single part the own row stands on the privacy page: its entries are those of records joined to it, if any.
    """
    part = part_of(category, slug)
    left_out = still_left_out(context, customer_id)
    if part.code in left_out:
        return EntryPage(part, [], None, left_out[part.code])
    digest = cursors.filter_digest({"customer": customer_id, "category": category, "part": slug})
    cursor = cursors.decode(after, digest) if after else None
    bound: dict[str, Any] = {"subject_id": customer_id, "skip": cursor.row_id if cursor else 0}
    if cursor:
        bound["until"] = cursor.time
    query = _statement(part, hidden_columns(frozenset(left_out)), going_on=cursor is not None)
    found = connection().execute(query, bound).mappings().all()
    if part.single and not found:
        raise NotFound
    rows = [dict(row) for row in found[:PAGE_SIZE]]
    more = len(found) > PAGE_SIZE
    return EntryPage(part, [_entry(part, row) for row in rows], _next(rows, cursor, digest) if more else None)


@cache
def _statement(part: Part, hidden: frozenset[tuple[str, str]], *, going_on: bool) -> Select[tuple[Any, ...]]:
    def shown(column: Any) -> bool:
        # An amount cannot be read without its currency, which is about nobody.
        return (column.table.name, column.name) not in hidden or column.name == CURRENCY

    table, moment = family(part.table)[0], moment_of(part.table)
    moment = moment if moment is not None and shown(moment) else None
    columns: list[Any] = [reviewed(table.c[column.name]).label(column.name) for column in part.columns]
    columns += [
        condition.label(f"hides_{column.name}")
        for column in part.columns
        if (condition := hides(table.c[column.name])) is not None
    ]
    beside = [("name", name_of(part.table)), *((name, borrowed(part.table, name)) for name in BESIDE)]
    beside += [(name, table.c[name]) for name in TELLING.get(part.table, ())]
    columns += [column.label(f"its_{name}") for name, column in beside if column is not None and shown(column)]
    first, *others = table.primary_key
    order = [first.desc(), *others]
    if moment is None:
        query = rows_of(part.table, *columns)
    else:
        query = rows_of(part.table, *columns, moment.label("its_moment"))
        order.insert(0, moment.desc())
        if going_on:
            query = query.where(moment <= bindparam("until", type_=UtcDateTime()))
    if part.single:
        query = query.where(not_(is_own(part.table)))
    return query.order_by(*order).limit(PAGE_SIZE + 1).offset(bindparam("skip"))


def _next(rows: list[dict[str, Any]], cursor: cursors.Cursor | None, digest: str) -> str:
    moment = rows[-1].get("its_moment", NO_MOMENT)
    shown = sum(row.get("its_moment", NO_MOMENT) == moment for row in rows)
    if cursor is not None and cursor.time == moment:
        shown += cursor.row_id
    return cursors.encode(moment, shown, digest)


def _entry(part: Part, row: dict[str, Any]) -> Entry:
    values = tuple((column, row[column.name]) for column in part.columns if row[column.name] not in EMPTY)
    periods = {column.declared.retention for column in part.columns}
    ends = [kept_until(period, row) for period in periods]
    known = [end for end in ends if end is not None]
    return Entry(
        moment=row.get("its_moment"),
        name=row.get("its_name"),
        field=row.get("its_field"),
        currency=row.get("its_currency"),
        values=values,
        unreviewed=tuple(item for item in part.columns if row.get(f"hides_{item.name}")),
        kept_until=max(known) if len(known) == len(ends) else None,
        telling=tuple((name, row[f"its_{name}"]) for name in TELLING.get(part.table, ()) if f"its_{name}" in row),
    )


def kept_until(period: Retention, row: dict[str, Any]) -> date | None:
    """The last day of a row's period; None where the event from which it is counted has not happened or is not known
    here. A voucher belongs to the financial year in which the order was placed."""
    start = period.rule.start
    if start is Start.CALENDAR_YEAR_OF_FINANCIAL_YEAR_END:
        moment = row.get("its_placed_at")
    else:
        moment = row.get({Start.CREATED: "its_moment", Start.LAST_USE: "its_last_seen_at"}.get(start, ""))
    if moment is None:
        return None
    day = helsinki_date(moment)
    if start is Start.CALENDAR_YEAR_OF_FINANCIAL_YEAR_END:
        month, last = current_app.config["PORTAL_CONTROLLER"].financial_year_end.split("-")
        day = financial_year_end(day, int(month), int(last))
    return last_day(period, day)
