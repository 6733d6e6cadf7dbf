"""Asking the trigram indexes of migration 0003: the rows whose text holds every fragment, in the order of their key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, column, func, literal_column, or_, select, table

from portal.models.database import connection
from portal.models.order import Order
from portal.models.search import CustomerSearch
from portal.rules.search_terms import Fragments, like_pattern, match_expression

# PostgreSQL looks through so many rows in order before it asks the index: what is common is found among them at once,
# and what is not is rare enough for the index to be quick.
PROBED = 5_000


@dataclass(frozen=True)
class Indexed:
    """A searchable table: the columns to answer with (the key first), and the same text in both databases' indexes."""

    columns: tuple[Any, ...]
    searched: ColumnElement[str]
    fts: str
    newest_first: bool = False


CUSTOMERS = Indexed((CustomerSearch.customer_id,), CustomerSearch.__table__.c.text, "customer_search_fts")
ORDERS = Indexed(
    (Order.id, Order.customer_id, Order.number),
    literal_column("'  '").concat(func.lower(Order.number)),
    "order_number_fts",
    newest_first=True,
)


def find(indexed: Indexed, wanted: Fragments, limit: int) -> Sequence[Any]:
    """At most `limit` rows in which each group of fragments is found."""
    if connection().dialect.name == "postgresql":
        return _postgresql(indexed, wanted, limit)
    key = indexed.columns[0]
    index = table(indexed.fts, column("rowid"))
    matches = literal_column(indexed.fts).op("MATCH")(bindparam("expression", match_expression(wanted)))
    statement = select(*indexed.columns).join_from(index, key.table, key == index.c.rowid).where(matches)
    return _run(statement, index.c.rowid, indexed, limit)


def _postgresql(indexed: Indexed, wanted: Fragments, limit: int) -> Sequence[Any]:
    key, names = indexed.columns[0], [item.key for item in indexed.columns]
    first = _ordered(select(*indexed.columns, indexed.searched.label("searched")), key, indexed, PROBED).subquery()
    probe = select(*(first.c[name] for name in names)).where(_holds(first.c.searched, wanted))
    found = _run(probe, first.c[key.key], indexed, limit)
    if len(found) == limit:
        return found
    # Materialized, so that the planner does not walk the whole table in order to save a sort.
    matching = select(*indexed.columns).where(_holds(indexed.searched, wanted)).cte("matching")
    matching = matching.prefix_with("MATERIALIZED", dialect="postgresql")
    return _run(select(*(matching.c[name] for name in names)), matching.c[key.key], indexed, limit)


def _run(statement: Select[Any], key: ColumnElement[int], indexed: Indexed, limit: int) -> Sequence[Any]:
    return connection().execute(_ordered(statement, key, indexed, limit)).all()


def _ordered(statement: Select[Any], key: Any, indexed: Indexed, limit: int) -> Select[Any]:
    return statement.order_by(key.desc() if indexed.newest_first else key).limit(limit)


def _holds(searched: ColumnElement[str], wanted: Fragments) -> ColumnElement[bool]:
    return and_(*(or_(*(searched.like(like_pattern(item), escape="\\") for item in group)) for group in wanted))
