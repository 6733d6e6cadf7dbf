"""The tables of a data copy: which columns each has, straight from the declarations.

Nothing is listed here. A new personal column is in the copy by itself, in the table it stands in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, Select

from portal.models.base import Personal
from portal.models.register import PersonalColumn
from portal.rules.machine_values import MONEY, UNIT_PRICE
from portal.rules.register import Category
from portal.services.register import unreviewed
from portal.services.register.register_parts import (
    Part,
    borrowed,
    family,
    hidden_columns,
    is_own,
    moment_of,
    parts,
    rows_of,
)

# What tells a reader which row it is, or how it is to be read; borrowed from the order or request the row belongs to.
BORROWED = ("number", "reference", "currency")
# What the currency, the last of them, is borrowed for.
AMOUNTS = {*MONEY, UNIT_PRICE}
# The same, where it stands in the row itself without being personal.
OWN = ("field", "source")


@dataclass(frozen=True)
class CopyColumn:
    """One column of a copy. `declared` is None for what only tells which row it is."""

    key: str
    column: Column[Any]
    declared: Personal | None

    @property
    def table(self) -> str:
        """The table the column stands in."""
        return self.column.table.name


@dataclass(frozen=True)
class CopyTable:
    """One table of a copy: its columns, what of it is withheld, and the parts into which pages for people cut it."""

    name: str
    columns: tuple[CopyColumn, ...]
    withheld: tuple[PersonalColumn, ...]
    parts: tuple[Part, ...]

    @property
    def single(self) -> bool:
        """Whether each record of a customer has at most one row of it."""
        return self.parts[0].single

    def position(self, name: str) -> int | None:
        """Where a column of this name stands, the row's own or a borrowed one."""
        return next((n for n, item in enumerate(self.columns) if item.column.name == name), None)

    def statement(self, *, reviewed: bool = True) -> Select[tuple[Any, ...]]:
        """The select of all rows about the customer `subject_id`, newest first; in a single table the own one leads.

        Unless an employee has `reviewed` the copy, what employees wrote for each other is empty in it.
        """
        columns = ((item.column if reviewed else unreviewed.reviewed(item.column), item.key) for item in self.columns)
        query = rows_of(self.name, *(column.label(key) for column, key in columns))
        first, *others = family(self.name)[0].primary_key
        moment = moment_of(self.name)
        order = [first.desc(), *others] if moment is None else [moment.desc(), first.desc(), *others]
        if self.single:
            order.insert(0, is_own(self.name).desc())
        return query.order_by(*order)


@cache
def tables(
    categories: frozenset[Category] | None = None, left_out: frozenset[str] = frozenset()
) -> tuple[CopyTable, ...]:
    """Every table that can hold something about a customer, in the order of the register notice.

    `categories` are those a request asked for; None means all. `left_out` are the codes of parts that it does not hold.
    """
    wanted = [part for part in asked_parts(categories) if part.code not in left_out]
    return tuple(_table(name, wanted, left_out) for name in dict.fromkeys(part.table for part in wanted))


def asked_parts(categories: frozenset[Category] | None) -> list[Part]:
    """The parts that a request asked for, whether the copy holds or leaves them out."""
    return [part for part in parts() if categories is None or part.category in categories]


def _table(name: str, wanted: list[Part], left_out: frozenset[str]) -> CopyTable:
    own = tuple(part for part in wanted if part.table == name)
    source = family(name)[0]
    personal = {column.name: column.declared for part in own for column in part.columns}
    hidden = hidden_columns(left_out)
    columns = [
        _helper(name, column)
        for column in _helpers(name, personal)
        # An amount cannot be read without its currency, which is about nobody.
        if (column.table.name, column.name) not in hidden or column.name == BORROWED[-1]
    ]
    columns += [CopyColumn(item.name, item, personal[item.name]) for item in source.columns if item.name in personal]
    return CopyTable(name, tuple(columns), tuple(item for part in own for item in part.withheld), own)


def _helpers(name: str, personal: dict[str, Personal]) -> list[Column[Any]]:
    source = family(name)[0]
    wanted = BORROWED if AMOUNTS & personal.keys() else BORROWED[:-1]
    found = [column for item in wanted if (column := borrowed(name, item)) is not None]
    found += [source.c[item] for item in OWN if item in source.c]
    return [column for column in found if column.table is not source or column.name not in personal]


def _helper(name: str, column: Column[Any]) -> CopyColumn:
    own = column.table.name == name
    return CopyColumn(column.name if own else f"{column.table.name.removesuffix('s')}_{column.name}", column, None)
