"""What an import of WooCommerce's orders does to the register."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.models.base import db
from portal.models.customer import CustomerKey
from portal.models.order import ImportRun, Order, OrderCharge, OrderEvent, OrderLine, OrderRefund
from portal.rules.context import Context
from portal.services.imports.formats import prepare
from portal.services.imports.problems import FileRefused
from portal.services.imports.write import Imported, NothingKept, write
from tests.support.fixtures import Transaction
from tests.support.order_files import WOOCOMMERCE
from tests.support.woocommerce_files import woo_file, woo_order

# What an order adds up to when its delivery costs nothing.
FREE = {"shipping_total": "0.00", "shipping_tax": "0.00", "total": "57.73", "total_tax": "11.73"}


def run(context: Context, path: Path) -> Imported:
    """Import a file."""
    with prepare(path, "woocommerce") as prepared:
        return write(context, prepared, shop="verkkokauppa", file_format="woocommerce")


def all_of(model: Any) -> list[Any]:
    """Every row of a table, by its key."""
    return list(db.session.scalars(select(model).order_by(*model.__table__.primary_key)))


def test_the_documented_orders_of_woocommerce_twice(transaction: Transaction) -> None:
    with transaction() as context:
        first = run(context, WOOCOMMERCE)
    assert first == Imported(orders=2, lines=4, added=2, changed=0, customers=2)
    with transaction() as context:
        assert run(context, WOOCOMMERCE).changes == 0
    with transaction():
        for order in all_of(Order):
            parts = [part for table in (OrderLine, OrderCharge) for part in all_of(table) if part.order_id == order.id]
            assert sum(part.gross for part in parts) == order.gross
            assert sum(part.net for part in parts) == order.net
            assert sum(part.vat for part in parts) == order.vat
        assert [refund.gross for refund in all_of(OrderRefund)] == [-1000, -900]
        assert [run.file_format for run in all_of(ImportRun)] == ["woocommerce"]
        assert [key.external_key for key in all_of(CustomerKey)] == ["26"]


def test_a_changed_order_of_woocommerce_is_written_anew(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, woo_file(tmp_path, woo_order(refunds=[])))
    completed = {"status": "completed", "date_completed_gmt": "2026-03-09T10:00:00"}
    with transaction() as context:
        again = run(context, woo_file(tmp_path, woo_order(**completed, shipping_lines=[], **FREE)))
    assert (again.added, again.changed) == (0, 1)
    with transaction():
        (order,) = all_of(Order)
        assert (order.status, order.gross) == ("completed", 5773)
        assert [(event.status, event.occurred_at.isoformat()) for event in all_of(OrderEvent)] == [
            ("processing", "2026-03-05T08:20:00+00:00"),
            ("completed", "2026-03-09T10:00:00+00:00"),
        ]
        assert [charge.kind for charge in all_of(OrderCharge)] == ["fee", "discount"]
        assert [(refund.reason, refund.gross) for refund in all_of(OrderRefund)] == [("Muki oli rikki", -1004)]


def test_a_deleted_order_is_cancelled_where_it_is_known(transaction: Transaction, tmp_path: Path) -> None:
    trash = woo_file(tmp_path, woo_order(status="trash"), woo_order(number="5", status="trash"), name="trash.json")
    with transaction() as context:
        run(context, woo_file(tmp_path, woo_order()))
    with transaction() as context:
        again = run(context, trash)
    assert again == Imported(orders=1, lines=4, added=0, changed=1, customers=0, skipped=1)
    with transaction() as context:
        assert [order.status for order in all_of(Order)] == ["cancelled"]
        assert run(context, trash).changes == 0


def test_a_guest_is_known_by_the_address_alone(transaction: Transaction, tmp_path: Path) -> None:
    orders = [woo_order(number=str(number), customer_id=0) for number in (1, 2)]
    with transaction() as context:
        assert run(context, woo_file(tmp_path, *orders)).customers == 1
    with transaction():
        assert not all_of(CustomerKey)
        assert {order.source for order in all_of(Order)} == {"order"}


def test_a_conflict_names_the_order_of_woocommerce(transaction: Transaction, tmp_path: Path) -> None:
    other = woo_order(number="9", customer_id=8)
    with prepare(woo_file(tmp_path, woo_order(), other), "woocommerce") as prepared:
        with pytest.raises(FileRefused) as found, transaction() as context:
            write(context, prepared, shop="verkkokauppa", file_format="woocommerce")
        (problem,) = found.value
    assert (problem.place, problem.order, problem.column) == (2, "9", "billing.email")


def test_a_dry_run_keeps_nothing(transaction: Transaction, tmp_path: Path) -> None:
    with prepare(woo_file(tmp_path, woo_order()), "woocommerce") as prepared:
        with pytest.raises(NothingKept) as dry, transaction() as context:
            write(context, prepared, shop="verkkokauppa", file_format="woocommerce", dry_run=True)
        assert dry.value.imported.added == 1
    with transaction():
        assert not all_of(Order)
