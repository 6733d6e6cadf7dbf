"""The base of every table: `db`, column types, and the declarations that make the register notice executable.

A column is either `technical()` with a reason, or `personal()` with its category (§5 of the notice), purposes (§4),
retention and what erasure does to it. A table says by `__subject__` how its rows lead to the people they are about.
`models/register.py` checks at start that nothing is left undeclared.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

from portal.rules.register import Category, Erasure, Origin, Purpose, Retention, Withheld

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite gives row ids only to INTEGER primary keys; they are 64 bits wide there all the same.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC with microseconds, equal on both databases. Refuses naive values (decision 6)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored moment must carry its time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """JSON kept as canonical text (sorted keys, no spaces), so that what is signed is what is stored."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, no ASCII escapes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Personal:
    """What a personal column is to the register."""

    category: Category
    purposes: tuple[Purpose, ...]
    retention: Retention
    erasure: Erasure
    withheld: Withheld | None = None
    own_origin: Origin | None = None
    between_us: bool = False

    @property
    def origin(self) -> Origin:
        """How the values came to be (Article 20): the column's own word, or else its category's."""
        return self.own_origin or self.category.origin


@dataclass(frozen=True)
class Technical:
    """A column that says nothing about a person beyond what its row's personal columns say, and why."""

    reason: str


def personal(
    category: Category,
    purposes: Purpose | Sequence[Purpose],
    retention: Retention,
    erasure: Erasure,
    *args: Any,
    withheld: Withheld | None = None,
    origin: Origin | None = None,
    between_us: bool = False,
    **options: Any,
) -> MappedColumn[Any]:
    """A personal column. `args` and `options` are those of `mapped_column`.

    `withheld` marks what is never shown (a password hash); the data copy then lists it with its reason. `origin` is
    named where the values came to be in another way than most of their category. `between_us` marks an employee's own
    words that the customer was never sent: they may hold something about others, so one looks before they are given.
    """
    served = (purposes,) if isinstance(purposes, Purpose) else tuple(purposes)
    if not served:
        raise ValueError("A personal column names at least one purpose (register notice §4).")
    declared = Personal(category, served, retention, erasure, withheld, origin, between_us)
    return mapped_column(*args, info={"register": declared}, **options)


def technical(reason: str, *args: Any, **options: Any) -> MappedColumn[Any]:
    """A technical column, with the reason why it is not personal. The rest is passed to `mapped_column`."""
    if not reason:
        raise ValueError("A technical column gives its reason.")
    return mapped_column(*args, info={"register": Technical(reason)}, **options)


@dataclass(frozen=True)
class Subject:
    """The role in which people stand to a table's rows, and the foreign keys that lead to them.

    `role` is `customer` or `staff`. `path` names columns from this table onwards: ``("order_id", "customer_id")``
    means this table's `order_id`, then `customer_id` of the table it refers to. An empty path is the person's own row.
    """

    role: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoSubject:
    """The table is about nobody that the register knows, and why."""

    reason: str


@dataclass(frozen=True)
class Unlinked(NoSubject):
    """The rows are about people, yet nothing leads from a person to their rows (Article 11), and why. What they hold is
    named to everybody and shown to nobody."""


def subject(path: str = "", role: str = "customer") -> tuple[Subject, ...]:
    """Declare the one path to the subject: ``subject("order_id.customer_id")``."""
    return (Subject(role, tuple(path.split(".")) if path else ()),)


def roles(**paths: str) -> tuple[Subject, ...]:
    """Declare several named roles: ``roles(customer="customer_id", staff="staff_id")``."""
    return tuple(Subject(role, tuple(path.split("."))) for role, path in paths.items())


def no_subject(reason: str) -> NoSubject:
    """Declare that the rows are about nobody."""
    return NoSubject(reason)


def unlinked(reason: str) -> Unlinked:
    """Declare that the rows are about people whom we cannot tell. Each personal column is withheld."""
    return Unlinked(reason)


class Base(DeclarativeBase):
    """Every table. Each sets `__subject__`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    __subject__: ClassVar[tuple[Subject, ...] | NoSubject]


def never_reuse_ids() -> None:
    """Let SQLite count row numbers on, as PostgreSQL does: a mailed link or an audit event of a deleted row must never
    fit the row that comes after it."""
    for table in Base.metadata.tables.values():
        counted = table.autoincrement_column
        if counted is not None and not counted.foreign_keys:
            table.dialect_options["sqlite"]["autoincrement"] = True


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
