"""A long read sees one moment, holds up nobody who writes, and leaves nothing behind (decision 19)."""

from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import bindparam, insert, select, text

from portal.models.base import db
from portal.models.customer import Customer, CustomerKey
from portal.models.snapshot import BATCH, snapshot
from tests.support import builders
from tests.support.fixtures import Transaction

KEYS = select(CustomerKey.external_key).where(CustomerKey.customer_id == bindparam("subject_id"))
STATEMENTS = {
    "customer": select(Customer.city).where(Customer.id == bindparam("subject_id")),
    "keys": KEYS.order_by(CustomerKey.id.desc()),
}
MANY = 2 * BATCH + 1


@pytest.fixture
def customer_id(transaction: Transaction) -> int:
    with transaction() as context:
        found, shop_id = builders.customer(context, city="HELSINKI"), builders.shop(context)
        rows = [{"shop_id": shop_id, "external_key": f"{n:05}", "customer_id": found} for n in range(MANY)]
        db.session.execute(insert(CustomerKey), rows)
        return found


def test_somebody_writes_in_between_and_the_read_stays_as_it_was(
    app: Flask, transaction: Transaction, reading: Transaction, customer_id: int
) -> None:
    with app.app_context(), snapshot(STATEMENTS, {"subject_id": customer_id}) as register:
        batches = register.batches("keys")
        first = next(batches)
        _write(transaction, customer_id)
        assert [row.city for batch in register.batches("customer") for row in batch] == ["HELSINKI"]
        rest = [row.external_key for batch in batches for row in batch]
        assert [row.external_key for row in first] + rest == [f"{n:05}" for n in reversed(range(MANY))]
    with reading():
        assert db.session.scalar(select(Customer.city)) == "TURKU"


def _write(transaction: Transaction, customer_id: int) -> None:
    """Commit a change while the reader reads; a reader that blocks fails here after the busy timeout."""
    with transaction():
        db.session.execute(text("UPDATE customer SET city = 'TURKU'"))
        db.session.execute(insert(CustomerKey).values(shop_id=1, external_key="new", customer_id=customer_id))


def test_no_more_rows_at_once_than_a_batch(app: Flask, customer_id: int) -> None:
    with app.app_context(), snapshot(STATEMENTS, {"subject_id": customer_id}) as register:
        assert [len(batch) for batch in register.batches("keys")] == [BATCH, BATCH, 1]
        assert list(register.batches("customer"))


@pytest.mark.sqlite
def test_the_temporary_tables_go_with_their_connection(app: Flask, customer_id: int) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            _fail_in_the_middle(customer_id)
        for _ in range(3):
            with snapshot(STATEMENTS, {"subject_id": customer_id}) as register:
                assert sum(len(batch) for batch in register.batches("keys")) == MANY
        with closing(db.engine.raw_connection()) as connection:
            assert connection.cursor().execute("SELECT name FROM sqlite_temp_master").fetchall() == []


def _fail_in_the_middle(customer_id: int) -> None:
    with snapshot(STATEMENTS, {"subject_id": customer_id}) as register:
        next(register.batches("keys"))
        raise ZeroDivisionError
