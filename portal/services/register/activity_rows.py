"""Where the list of what happened to a customer comes from: one statement over the security log, the openings and the
provenance of each value, of which the views of employees are a part."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    SQLColumnExpression,
    String,
    Text,
    bindparam,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import cast as sql_cast

from portal.models.audit import AuditEvent
from portal.models.base import UtcDateTime
from portal.models.customer import Provenance
from portal.models.register import records_of
from portal.models.staff import CustomerOpening
from portal.services.register.profile import SHADOWS

Arm = Select[*tuple[Any, ...]]
# What a row says. Every source names its columns so, for each can be the first or the only one.
COLUMNS = ("moment", "origin", "row_id", "code", "actor_kind", "details", "role")
# Rows read for a page: those of one day's looks become one line.
MOST_ROWS = 400
OPENED, CHANGED, ORDER_VIEWED = "staff.customer_opened", "customer.changed", "staff.order_viewed"
LOOKS = ("staff.customer_viewed", ORDER_VIEWED, "staff.request_viewed")
# Told by the openings and the provenance, in more detail and for longer.
TOLD_ELSEWHERE = (OPENED, CHANGED)


@cache
def statement(shown: tuple[str, ...], *, views: bool, going_on: bool) -> Select[tuple[Any, ...]]:
    """These of the sources as rows of `COLUMNS`; `code` is an action or the name of a field."""
    records = records_of(bindparam("customer_id", type_=BigInteger))
    rows = union_all(*((VIEWS if views else SOURCES)[table](records) for table in shown)).subquery()
    query = select(rows)
    if going_on:
        query = query.where(rows.c.moment <= bindparam("until", type_=UtcDateTime()))
    order = (rows.c.moment.desc(), rows.c.origin, rows.c.row_id.desc())
    return query.order_by(*order).limit(MOST_ROWS + 1).offset(bindparam("skip"))


def _log(records: Select[tuple[int]]) -> Arm:
    rows = _rows(
        AuditEvent.occurred_at,
        literal("log"),
        AuditEvent.seq,
        AuditEvent.action,
        AuditEvent.actor_kind,
        type_coerce(AuditEvent.details, Text),
        # The details of an event hold the role.
        sql_cast(null(), String),
    )
    return rows.where(AuditEvent.customer_id.in_(records), AuditEvent.action.not_in(TOLD_ELSEWHERE))


def _looks(records: Select[tuple[int]]) -> Arm:
    return _log(records).where(AuditEvent.action.in_(LOOKS))


def _openings(records: Select[tuple[int]]) -> Arm:
    rows = _rows(
        CustomerOpening.opened_at,
        literal("view"),
        CustomerOpening.id,
        literal(OPENED),
        literal("staff"),
        sql_cast(CustomerOpening.purpose, Text),
        CustomerOpening.role,
    )
    return rows.where(CustomerOpening.customer_id.in_(records))


def _changes(records: Select[tuple[int]]) -> Arm:
    rows = _rows(
        Provenance.changed_at,
        literal("change"),
        Provenance.id,
        sql_cast(Provenance.field, String),
        Provenance.actor_kind,
        sql_cast(Provenance.source, Text),
        sql_cast(null(), String),
    )
    return rows.where(Provenance.customer_id.in_(records), Provenance.field.not_in(SHADOWS))


def _rows(*columns: SQLColumnExpression[Any]) -> Arm:
    return select(*(column.label(name) for name, column in zip(COLUMNS, columns, strict=True)))


SOURCES: dict[str, Callable[[Select[tuple[int]]], Arm]] = {
    AuditEvent.__tablename__: _log,
    CustomerOpening.__tablename__: _openings,
    Provenance.__tablename__: _changes,
}
VIEWS: dict[str, Callable[[Select[tuple[int]]], Arm]] = {
    AuditEvent.__tablename__: _looks,
    CustomerOpening.__tablename__: _openings,
}
