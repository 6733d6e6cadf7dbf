"""The register of one customer in parts: the columns of one category in one table, as the declarations say.

Nothing is listed here. A new personal column is in its part by itself, a new table makes a part of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, bindparam

from portal.models.base import Base, UtcDateTime
from portal.models.register import PersonalColumn, path_to, personal_columns, rows_about, unlinked_columns
from portal.rules.errors import NotFound
from portal.rules.register import Category, LegalBasis, Purpose, Retention, Source
from portal.rules.register_labels import part_label
from portal.rules.texts import text

# What tells a reader which order or request a row is or belongs to, with the words around it.
NAMES = {("orders", "number"): "privacy.order", ("access_request", "reference"): "privacy.request"}

# What else tells a reader which entry is which: the columns that say it together, where no number does.
TELLING = {"consent_event": ("kind", "action")}


@dataclass(frozen=True)
class Part:
    """What one table holds of one category. `single` says that each record of a customer has at most one row there.

    `columns` are shown; `withheld` are named with their reason and never read.
    """

    category: Category
    table: str
    columns: tuple[PersonalColumn, ...]
    withheld: tuple[PersonalColumn, ...]
    single: bool

    @property
    def code(self) -> str:
        """The part's name where one is stored."""
        return f"{self.category}.{self.table}"

    @property
    def slug(self) -> str:
        """The part's name in an address."""
        return self.table.replace("_", "-")


@dataclass(frozen=True)
class Uses:
    """What some parts of a category are used for and on what basis (§4), where they come from (§6), how long they are
    kept: each code once, in the order in which it is declared."""

    purposes: tuple[Purpose, ...]
    bases: tuple[LegalBasis, ...]
    sources: tuple[Source, ...]
    retentions: tuple[Retention, ...]


def uses(category: Category, own: Iterable[Part]) -> Uses:
    """What is told of a category to the person whose parts these are: on the pages, and in every form of a copy."""
    declared = [column.declared for part in own for column in (*part.columns, *part.withheld)]
    purposes = tuple(item for item in Purpose if any(item in column.purposes for column in declared))
    return Uses(
        purposes=purposes,
        bases=tuple(item for item in LegalBasis if any(item in purpose.legal_bases for purpose in purposes)),
        sources=category.sources,
        retentions=tuple(item for item in Retention if any(item is column.retention for column in declared)),
    )


@cache
def parts() -> tuple[Part, ...]:
    """Every part that can hold something about a customer, in the order of the register notice."""
    columns = [column for column in personal_columns() if path_to(column.table) is not None]
    found = [
        _part(category, table, [item for item in columns if item.table == table and item.declared.category is category])
        for category in Category
        for table in dict.fromkeys(item.table for item in columns if item.declared.category is category)
    ]
    # What is nearest to the customer comes first: the own row, orders, then what belongs to orders.
    order = list(Category)
    return tuple(sorted(found, key=lambda part: (order.index(part.category), len(path_to(part.table) or ()))))


def part_of(category: str, slug: str) -> Part:
    """The part of these names. Raises `NotFound`."""
    for part in parts():
        if (part.category, part.slug) == (category, slug):
            return part
    raise NotFound


@cache
def hidden_columns(codes: frozenset[str]) -> frozenset[tuple[str, str]]:
    """The columns of the parts of these codes, each as (table, column): what no other part may borrow either."""
    return frozenset((part.table, item.name) for part in parts() if part.code in codes for item in part.columns)


def list_label(part: Part, locale: str) -> str:
    """What a list of a part's rows is called; those of a single part are the records joined to the customer's own."""
    label = part_label(part.category, part.table, locale)
    return text("part.joined", locale, part=label) if part.single else label


@cache
def unlinked_tables(category: Category) -> tuple[str, ...]:
    """The tables that hold data of this category of which nobody can tell whose they are."""
    return tuple(dict.fromkeys(item.table for item in unlinked_columns() if item.declared.category is category))


@cache
def family(table_name: str) -> tuple[Table, ...]:
    """The table and those on the way to the customer: an order line, then its order."""
    table = Base.metadata.tables[table_name]
    found = [table]
    for name in (path_to(table_name) or ())[:-1]:
        found.append(next(iter(found[-1].c[name].foreign_keys)).column.table)
    return tuple(found)


def borrowed(table_name: str, column: str) -> Column[Any] | None:
    """A column of the table, or else of one on the way: an order line borrows its order's number."""
    return next((table.c[column] for table in family(table_name) if column in table.c), None)


@cache
def name_of(table_name: str) -> Column[Any] | None:
    """The column of `NAMES` by which rows of the table are called, None where they belong to no such thing."""
    return next((table.c[name] for table in family(table_name) for owner, name in NAMES if table.name == owner), None)


@cache
def moment_of(table_name: str) -> Column[Any] | None:
    """The column that says when a row came to be: the first moment that is never empty; None without any."""
    return next(
        (
            column
            for table in family(table_name)
            for column in table.columns
            if isinstance(column.type, UtcDateTime) and not column.nullable and column in _personal(table)
        ),
        None,
    )


def rows_of(table_name: str, *columns: Any) -> Select[tuple[Any, ...]]:
    """The select of these columns of all rows about the customer `subject_id`, in no order yet."""
    everything = rows_about(table_name)
    if everything is None:
        raise ValueError(f"{table_name} holds nothing about customers.")
    return everything.with_only_columns(*columns, maintain_column_froms=True).order_by(None)


def is_own(table_name: str) -> ColumnElement[bool]:
    """Whether a row of a single table is that of the record `subject_id` itself, not of one that was joined to it."""
    (column,) = path_to(table_name) or ("id",)
    own: ColumnElement[bool] = Base.metadata.tables[table_name].c[column] == bindparam("subject_id")
    return own


def _part(category: Category, table: str, columns: list[PersonalColumn]) -> Part:
    return Part(
        category,
        table,
        columns=tuple(column for column in columns if column.declared.withheld is None),
        withheld=tuple(column for column in columns if column.declared.withheld is not None),
        single=_is_single(table),
    )


def _is_single(table_name: str) -> bool:
    table, path = Base.metadata.tables[table_name], path_to(table_name)
    if not path:
        return True
    column = table.c[path[0]]
    return len(path) == 1 and (bool(column.unique) or list(table.primary_key) == [column])


@cache
def _personal(table: Table) -> frozenset[Column[Any]]:
    names = {column.name for column in personal_columns() if column.table == table.name}
    return frozenset(table.c[name] for name in names)
