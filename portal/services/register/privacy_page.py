"""What the register holds about one customer, category by category: the page of the customer's own register notice.

It is generated from the declarations alone. Where a record has one row at most, the values of the customer's own are
read; of everything else, and of records joined to it, the number of rows and the newest moment, whose rows
`register_rows` shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, RowMapping, Select, cast, func, literal, null, select, union_all

from portal.models.base import UtcDateTime
from portal.models.database import connection
from portal.models.register import PersonalColumn
from portal.models.staff import CustomerOpening
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.register import Category, Purpose, Retention, Source, Start
from portal.rules.retention import last_day
from portal.services.register import provenance
from portal.services.register.left_out import by_table, still_left_out
from portal.services.register.register_parts import (
    Part,
    family,
    is_own,
    moment_of,
    parts,
    rows_of,
    unlinked_tables,
    uses,
)

Origins = Mapping[str, provenance.Change]


@dataclass(frozen=True)
class Value:
    """One value with where it came from and when; both None where only the category's sources are known."""

    column: PersonalColumn
    value: Any
    source: str | None
    changed_at: datetime | None

    @property
    def given(self) -> bool:
        """Whether there is a value at all."""
        return self.value is not None and self.value != ""


@dataclass(frozen=True)
class Held:
    """A part with many rows: how many there are and the newest one's moment. Of a single part: the joined records'."""

    part: Part
    count: int
    latest: datetime | None


@dataclass(frozen=True)
class Kept:
    """A retention period, and the day before which it cannot end, where that is known."""

    period: Retention
    not_before: date | None


@dataclass(frozen=True)
class Holding:
    """One category of the customer's data: what (§5), why (§4), from where (§6), how long. `unlinked` are the tables
    that may hold more of it, of which nobody can tell whose it is; `left_out` are the parts that an answer in writing
    left out, each with its reason, and that no list holds."""

    category: Category
    values: tuple[Value, ...]
    lists: tuple[Held, ...]
    withheld: tuple[PersonalColumn, ...]
    unlinked: tuple[str, ...]
    left_out: tuple[tuple[Part, str], ...]
    purposes: tuple[Purpose, ...]
    sources: tuple[Source, ...]
    kept: tuple[Kept, ...]

    @property
    def latest(self) -> datetime | None:
        """The newest moment at which something of it is known to have been stored."""
        moments = [item.changed_at for item in self.values if item.given] + [item.latest for item in self.lists]
        return max((moment for moment in moments if moment is not None), default=None)


@dataclass(frozen=True)
class PrivacyPage:
    """Everything the page shows. `purposes` are those of all categories; `openings` counts the staff's views, and is
    None where an answer in writing left them out."""

    holdings: tuple[Holding, ...]
    purposes: tuple[Purpose, ...]
    openings: int | None
    last_opening: datetime | None


def read(context: Context, customer_id: int) -> PrivacyPage:
    """The customer's page: one query for each table with a single row, one for the counts, one for the origins, one
    for what is left out."""
    bound = {"subject_id": customer_id}
    found = {name: connection().execute(_singles(name), bound).mappings().all() for name in _tables(single=True)}
    rows = {name: next((row for row in found[name] if row["is_own"]), None) for name in found}
    joined = {name: [row for row in found[name] if not row["is_own"]] for name in found}
    counts = {row.table_name: row for row in connection().execute(_counts(), bound)}
    origins = provenance.latest(context, customer_id)
    left_out = still_left_out(context, customer_id)
    active = _last_activity(rows, counts)
    holdings = []
    for category in dict.fromkeys(part.category for part in parts()):
        own = [part for part in parts() if part.category is category]
        values = tuple(value for part in own if part.single for value in _values(part, rows[part.table], origins))
        many = [part for part in own if not part.single and part.code not in left_out]
        lists = tuple(Held(part, counts[part.table].rows, counts[part.table].latest) for part in many)
        lists += tuple(_earlier(part, joined[part.table]) for part in own if part.single and joined[part.table])
        reasons = tuple((part, left_out[part.code]) for part in own if part.code in left_out)
        holdings.append(replace(_holding(category, own, values, lists, active), left_out=reasons))
    looked = counts[CustomerOpening.__tablename__]
    openings = None if looked.table_name in by_table(left_out) else looked.rows
    purposes = tuple(purpose for purpose in Purpose if any(purpose in item.purposes for item in holdings))
    return PrivacyPage(tuple(holdings), purposes, openings, looked.latest)


@cache
def _tables(*, single: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.table for part in parts() if part.single is single))


@cache
def _singles(table_name: str) -> Select[tuple[Any, ...]]:
    """The rows of a single table: the customer's own, and those of joined records."""
    columns = [column.name for part in parts() if part.table == table_name for column in part.columns]
    return rows_of(table_name, *(family(table_name)[0].c[name] for name in columns), is_own(table_name).label("is_own"))


def _earlier(part: Part, rows: Sequence[RowMapping]) -> Held:
    """What a single part holds of records joined to the customer's own."""
    moment = moment_of(part.table)
    return Held(part, len(rows), max(row[moment.name] for row in rows) if moment is not None else None)


@cache
def _counts() -> CompoundSelect[tuple[Any, ...]]:
    """One statement for all parts with many rows: the table's name, how many rows, the newest moment."""
    arms = []
    for name in _tables(single=False):
        moment = moment_of(name)
        # SQLite would read the moment of an empty column as text: the type is said once for all arms.
        column = cast(null(), UtcDateTime) if moment is None else moment
        rows = rows_of(name, column.label("moment")).subquery()
        arms.append(
            select(
                literal(name).label("table_name"),
                func.count().label("rows"),
                func.max(rows.c.moment, type_=UtcDateTime()).label("latest"),
            ).select_from(rows)
        )
    return union_all(*arms)


def _values(part: Part, row: RowMapping | None, origins: Origins) -> list[Value]:
    if row is None:
        return []
    return [_value(column, row, origins) for column in part.columns]


def _value(column: PersonalColumn, row: RowMapping, origins: Origins) -> Value:
    """A value and its origin: the latest change, or else how and when the customer came to the register."""
    if (column.table, column.name) == ("account", "user_name"):
        # Chosen and taken back in the account alone.
        return Value(column, row["user_name"], Source.ACCOUNT.value, row["user_name_since"])
    if (column.table, column.name) == ("account", "email"):
        return Value(column, row["email"], *_origin_of_log_in(row, origins))
    if column.table != "customer" or column.name not in provenance.TRACKED:
        return Value(column, row[column.name], None, None)
    change = origins.get(column.name)
    if change is not None:
        return Value(column, row[column.name], change.source, change.changed_at)
    return Value(column, row[column.name], row["source"], row["created_at"])


def _origin_of_log_in(row: RowMapping, origins: Origins) -> tuple[str, datetime]:
    """Where the log-in address came from: its last confirmed change, or the sign-up. A confirmed change sets the
    contact address with it, whose provenance knows the moment; what others changed before is no log-in."""
    change = origins.get("email")
    if change is not None and change.source == Source.ACCOUNT.value and change.changed_at > row["created_at"]:
        return change.source, change.changed_at
    return Source.REGISTRATION.value, row["created_at"]


def _holding(
    category: Category, own: list[Part], values: tuple[Value, ...], lists: tuple[Held, ...], active: datetime | None
) -> Holding:
    used = uses(category, own)
    return Holding(
        category=category,
        values=values,
        lists=lists,
        withheld=tuple(column for part in own for column in part.withheld),
        unlinked=unlinked_tables(category),
        left_out=(),
        purposes=used.purposes,
        sources=used.sources,
        kept=tuple(_kept(period, active) for period in used.retentions),
    )


def _kept(period: Retention, active: datetime | None) -> Kept:
    if period.rule.start is not Start.LAST_ACTIVITY or active is None:
        return Kept(period, None)
    return Kept(period, last_day(period, helsinki_date(active)))


def _last_activity(rows: Mapping[str, RowMapping | None], counts: Mapping[str, Any]) -> datetime | None:
    """The latest order or log-in that the register knows; a later contact would only move the period's end on."""
    account = rows["account"]
    moments = [account["last_login_at"] if account else None, counts["orders"].latest]
    return max((moment for moment in moments if moment is not None), default=None)
