"""Choices of customers and timelines of requests only grow: nothing replaces a row, and nothing empties the table."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import FromClause, Table, select, text
from sqlalchemy.exc import DBAPIError

from portal.models.access_request import AccessRequestEvent
from portal.models.base import Base, db
from portal.models.consent import ConsentEvent
from portal.rules.consents import KINDS, Action
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from tests.support import access_requests, builders
from tests.support.fixtures import Transaction

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GUARDED = (pytest.param(ConsentEvent, marks=pytest.mark.security(70)), AccessRequestEvent)


@pytest.fixture
def submission(transaction: Transaction) -> str:
    """The name of a form that a customer sent; the customer has a request as well."""
    name = f"{7:032x}"
    with transaction(now=NOW) as context:
        customer_id = builders.account(context).customer_id
        access_requests.ask(context, customer_id)
        consent_events.append(context, customer_id, KINDS["survey"], Action.FORBIDDEN, Said("fi", "Sanat", 1), name)
    return name


def rows(reading: Transaction, model: type[Base]) -> list[Any]:
    with reading():
        return [tuple(row) for row in db.session.execute(select(*model.__table__.columns)).all()]


def refused(statement: str, model: type[Base], transaction: Transaction, reading: Transaction) -> None:
    before = rows(reading, model)
    assert before
    with pytest.raises(DBAPIError, match="append-only"), transaction(now=NOW):
        db.session.execute(text(statement))
    assert rows(reading, model) == before


def copied(model: type[Base], first: str, values: str) -> str:
    """All columns but the number, of each row, under other numbers."""
    others = ", ".join(column.name for column in model.__table__.columns if column.name != "id")
    return f"{model.__tablename__} ({first}, {others}) SELECT {values}, {others} FROM {model.__tablename__}"


def refers_to(table: Table, other: FromClause) -> bool:
    return any(key.column.table is other for key in table.foreign_keys)


@pytest.mark.sqlite
@pytest.mark.usefixtures("submission")
@pytest.mark.parametrize(("first", "values"), [("id", "id"), ("rowid", "id"), ("rowid, id", "id + 70, id")])
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
@pytest.mark.parametrize("model", GUARDED)
def test_sqlite_replaces_no_row(
    model: type[Base], verb: str, first: str, values: str, transaction: Transaction, reading: Transaction
) -> None:
    refused(f"{verb} INTO {copied(model, first, values)}", model, transaction, reading)


@pytest.mark.sqlite
@pytest.mark.security(70)
def test_sqlite_replaces_no_choice_of_the_same_form(
    submission: str, transaction: Transaction, reading: Transaction
) -> None:
    refused(
        f"INSERT OR REPLACE INTO {copied(ConsentEvent, 'id', 'id + 1')} WHERE submission = '{submission}'",
        ConsentEvent,
        transaction,
        reading,
    )


@pytest.mark.postgres
@pytest.mark.usefixtures("submission")
@pytest.mark.parametrize("more", ["", " CASCADE", " RESTART IDENTITY"])
@pytest.mark.parametrize("model", GUARDED)
def test_postgresql_truncates_nothing(
    model: type[Base], more: str, transaction: Transaction, reading: Transaction
) -> None:
    # With the tables that refer to it: without them PostgreSQL refuses for their sake, before any trigger is asked.
    below = [table.name for table in db.metadata.tables.values() if refers_to(table, model.__table__)]
    refused(f"TRUNCATE {', '.join([model.__tablename__, *below])}{more}", model, transaction, reading)


@pytest.mark.postgres
@pytest.mark.usefixtures("submission")
@pytest.mark.parametrize(
    ("model", "above"),
    [pytest.param(ConsentEvent, "customer", marks=pytest.mark.security(70)), (AccessRequestEvent, "access_request")],
)
def test_postgresql_truncates_nothing_by_what_it_refers_to(
    model: type[Base], above: str, transaction: Transaction, reading: Transaction
) -> None:
    refused(f"TRUNCATE {above} CASCADE", model, transaction, reading)
