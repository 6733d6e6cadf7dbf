"""The fixtures hold what they promise, on the database of the run."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.models import database as connections
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.order import Order
from tests.support.builders import Line, account, customer, order
from tests.support.databases import Database
from tests.support.fixtures import Transaction


def count(reading: Transaction) -> int:
    with reading():
        return connections.connection().scalar(select(func.count()).select_from(Customer)) or 0


@pytest.mark.parametrize("_round", [1, 2])
def test_each_test_starts_with_an_empty_database(transaction: Transaction, reading: Transaction, _round: int) -> None:
    assert count(reading) == 0
    with transaction() as context:
        first = customer(context)
    assert count(reading) == 1
    assert first == 1


def test_an_exception_rolls_the_block_back(transaction: Transaction, reading: Transaction) -> None:
    def fail_half_way() -> None:
        with transaction() as context:
            customer(context)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert count(reading) == 0


def test_foreign_keys_are_enforced_after_a_reset(app: Flask, database: Database) -> None:
    with app.app_context():
        key = connections.connection().exec_driver_sql(
            "SELECT 1" if db.engine.dialect.name == "postgresql" else "PRAGMA foreign_keys"
        )
        assert key.scalar() == 1


def test_a_change_outside_a_transaction_is_noticed(reading: Transaction) -> None:
    def change() -> None:
        with reading():
            db.session.add(Customer())

    with pytest.raises(AssertionError, match="outside a transaction"):
        change()


def test_built_orders_add_up(transaction: Transaction) -> None:
    with transaction() as context:
        owner = account(context)
        made = order(
            context, owner.customer_id, lines=(Line(quantity=3), Line(price=1299, vat_rate=1350)), shipping=590
        )
        row = db.session.get_one(Order, made.id)
        assert row.gross == 3 * 2490 + 1299 + 590
        assert (row.net or 0) + (row.vat or 0) == row.gross
        assert Line(price=4990).vat == 1014
        assert Line(price=1299, vat_rate=1350).vat == 155


@pytest.mark.postgres
def test_the_postgres_run_uses_postgres(app: Flask, database: Database) -> None:
    with app.app_context():
        assert db.engine.dialect.name == "postgresql"
