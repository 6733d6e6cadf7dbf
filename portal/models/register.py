"""The register as the declarations say it: which columns are personal, and how each table leads to its people.

Everything about personal data (the notice, the data copy, erasure, retention) reads it from here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, FromClause, Select, Table, bindparam, inspect, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper

from portal.models.base import Base, NoSubject, Personal, Subject, Technical, Unlinked

_FTS_PARTS = ("", "_config", "_data", "_docsize", "_idx")
# Tables of the migration tool and of SQLite itself; `engine_tables` explains them to the check of the database.
FOREIGN_TABLES = {
    "alembic_version": "the migration tool's own version mark",
    # SQLite's trigram indexes (migration 0003) keep their trigrams in tables of their own. Without secure-delete an
    # erased word stays in their file pages until `customer_search_index.rebuild` writes them anew.
    **{f"customer_search_fts{part}": "trigrams of customer_search.text" for part in _FTS_PARTS},
    **{f"order_number_fts{part}": "trigrams of orders.number" for part in _FTS_PARTS},
}
SUBJECT_TABLES = {"customer": "customer", "staff": "staff"}


@dataclass(frozen=True)
class PersonalColumn:
    """One personal column and its declaration."""

    table: str
    name: str
    declared: Personal


class UndeclaredError(RuntimeError):
    """A column or table is not declared. The message says what to write."""


def check_declarations(base: type[Base] = Base) -> None:
    """Raise `UndeclaredError` listing every column without a declaration and every table without a subject."""
    problems = []
    for mapper in base.registry.mappers:
        table = _table(mapper)
        declared = mapper.class_.__dict__.get("__subject__")
        if declared is None:
            problems.append(
                f"Table {table.name} does not say whom it is about: "
                "set __subject__ = subject(…), roles(…), unlinked(…) or no_subject(…)."
            )
        elif isinstance(declared, NoSubject):
            problems += _problems_without_subject(table, declared)
        else:
            problems += [text for item in declared if (text := _path_problem(table, item))]
        problems += [
            f"Column {table.name}.{column.name} is not declared: define it with personal(…) or technical(…)."
            for column in table.columns
            if not isinstance(column.info.get("register"), Personal | Technical)
        ]
    if problems:
        raise UndeclaredError("\n".join(sorted(problems)))


def check_database(connection: Connection) -> list[str]:
    """Tables in the database that no declaration covers, each with what to do: every one is a place personal data could
    hide."""
    known = set(Base.metadata.tables) | set(FOREIGN_TABLES)
    return [
        f"Table {name} is in the database, and nothing declares it: give it a model in portal/models with __subject__ "
        "and columns of personal(…) or technical(…), drop it in a migration, or say in FOREIGN_TABLES what keeps it."
        for name in sorted(inspect(connection).get_table_names())
        if name not in known
    ]


def concerns_staff_only(table_name: str) -> bool:
    """Whether the rows of a table are about employees and nobody else."""
    declared = _subjects()[table_name]
    return not isinstance(declared, NoSubject) and all(item.role == "staff" for item in declared)


def personal_columns() -> Iterator[PersonalColumn]:
    """Every personal column, ordered by table and position."""
    for table in sorted(Base.metadata.tables.values(), key=lambda item: item.name):
        for column in table.columns:
            declared = column.info["register"]
            if isinstance(declared, Personal):
                yield PersonalColumn(table.name, column.name, declared)


def unlinked_columns() -> tuple[PersonalColumn, ...]:
    """The personal columns of tables from whose rows nothing leads to a person: each is withheld from everybody."""
    subjects = _subjects()
    return tuple(column for column in personal_columns() if isinstance(subjects[column.table], Unlinked))


def path_to(table_name: str, role: str = "customer") -> tuple[str, ...] | None:
    """The foreign keys from a table to its subject: empty for the person's own row, None when nobody has that role."""
    declared = _subjects()[table_name]
    found = () if isinstance(declared, NoSubject) else declared
    return next((item.path for item in found if item.role == role), None)


@cache
def rows_about(table_name: str, role: str = "customer") -> Select[tuple[object, ...]] | None:
    """The compiled-once select of all rows of a table about one subject, given as parameter `subject_id`.

    None when the table has nobody in that role. All columns are selected: the caller keeps what it needs. A customer's
    rows are those of all their records.
    """
    declared = _subjects()[table_name]
    if isinstance(declared, NoSubject):
        return None
    for item in declared:
        if item.role == role:
            table = Base.metadata.tables[table_name]
            source, key = _join(table, item)
            subject_id: ColumnElement[Any] = bindparam("subject_id")
            about = key.in_(records_of(subject_id)) if role == "customer" else key == subject_id
            return select(table).select_from(source).where(about).order_by(*table.primary_key)
    return None


def records_of(customer_id: int | ColumnElement[int]) -> Select[tuple[int]]:
    """The row numbers of a customer's records: the own one, and earlier ones that were joined to it (decision 5).

    Whatever collects what is held about a person asks for `customer_id IN` this; the way to the owner is one step.
    """
    record = Base.metadata.tables["customer"].alias("record")
    return select(record.c.id).where(or_(record.c.id == customer_id, record.c.merged_into_id == customer_id))


def _subjects() -> dict[str, tuple[Subject, ...] | NoSubject]:
    return {_table(mapper).name: mapper.class_.__subject__ for mapper in Base.registry.mappers}


def _table(mapper: Mapper[Any]) -> Table:
    return cast("Table", mapper.local_table)


def _join(table: Table, item: Subject) -> tuple[FromClause, ColumnElement[object]]:
    if not item.path:
        return table, table.c.id
    source: FromClause = table
    for name in item.path[:-1]:
        target = _target(table.c[name])
        source = source.join(target, table.c[name] == target.c.id)
        table = target
    return source, table.c[item.path[-1]]


def _target(column: Column[object]) -> Table:
    return next(iter(column.foreign_keys)).column.table


def _problems_without_subject(table: Table, declared: NoSubject) -> list[str]:
    personal = [column for column in table.columns if isinstance(column.info.get("register"), Personal)]
    if isinstance(declared, Unlinked):
        shown = [column.name for column in personal if column.info["register"].withheld is None]
        return [f"Column {table.name}.{name} is about people nobody can tell: declare it withheld." for name in shown]
    return [f"Table {table.name} is about nobody, yet {column.name} is personal: unlinked(…)?" for column in personal]


def _path_problem(table: Table, item: Subject) -> str | None:
    wrong = f"Table {table.name}: the path {'.'.join(item.path)!r} does not lead to a {item.role}."
    if item.role not in SUBJECT_TABLES:
        return f"Table {table.name}: {item.role!r} is not a known role."
    if not item.path:
        return None if table.name == SUBJECT_TABLES[item.role] else wrong
    for name in item.path[:-1]:
        if name not in table.c or not table.c[name].foreign_keys:
            return wrong
        table = _target(table.c[name])
    last = table.c.get(item.path[-1])
    if last is None:
        return wrong
    # The audit log keeps row numbers without a foreign key: an event outlives what it is about.
    leads = {key.column.table.name for key in last.foreign_keys} or {last.name.removesuffix("_id")}
    return None if leads == {SUBJECT_TABLES[item.role]} else wrong
