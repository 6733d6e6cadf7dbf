"""What an import does to the register: whose orders they become, what changes, and what never does."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer, CustomerKey, Provenance
from portal.models.order import ImportRun, Order, OrderEvent, OrderLine, Shop
from portal.models.search import CustomerSearch
from portal.rules.context import Context
from portal.services.imports.formats import prepare
from portal.services.imports.problems import FileRefused
from portal.services.imports.shops import prefix_of
from portal.services.imports.write import Imported, write
from portal.services.register import provenance
from tests.support import builders
from tests.support.fixtures import Transaction
from tests.support.order_files import NORTHWIND, order_file, row


def run(context: Context, path: Path, shop: str = "verkkokauppa") -> Imported:
    """Import a file."""
    with prepare(path, "csv") as prepared:
        return write(context, prepared, shop=shop, file_format="csv")


def refused(transaction: Transaction, path: Path) -> list[tuple[int, str]]:
    """Import a file that must be refused; returns the lines and columns that were wrong."""
    with prepare(path, "csv") as prepared:
        with pytest.raises(FileRefused) as found, transaction() as context:
            write(context, prepared, shop="verkkokauppa", file_format="csv")
        return [(problem.place, problem.column) for problem in found.value]


def all_of(model: Any) -> list[Any]:
    """Every row of a table, by its key."""
    return list(db.session.scalars(select(model).order_by(*model.__table__.primary_key)))


def test_northwind_twice(transaction: Transaction) -> None:
    with transaction() as context:
        first = run(context, NORTHWIND)
    assert first == Imported(orders=830, lines=2155, added=830, changed=0, customers=89)
    with transaction() as context:
        assert run(context, NORTHWIND).changes == 0
    with transaction():
        assert sum(order.gross for order in all_of(Order)) == 126_579_313
        assert sum(line.gross for line in all_of(OrderLine)) == 126_579_313
        assert len(all_of(OrderEvent)) == 830
        assert [run.orders_added for run in all_of(ImportRun)] == [830]
        audited = [event.details for event in all_of(AuditEvent) if event.action == "orders.imported"]
        assert [(details["added"], details["run"] is None) for details in audited] == [(830, False), (0, True)]
        order = db.session.scalars(select(Order).where(Order.external_id == "10248")).one()
        assert (order.number, order.line_count, order.first_product) == ("VER-10248", 3, "Queso Cabrales")
        assert order.placed_at.isoformat() == "1996-07-04T00:00:00+00:00"


def test_a_customer_enters_the_register(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, order_file(tmp_path, row(business_id="FI20774740", company=" Villa  Oy")))
    with transaction() as context:
        (customer,) = all_of(Customer)
        (order,) = all_of(Order)
        assert (customer.first_name, customer.last_name, customer.company) == ("Aino", "Virtanen", "Villa Oy")
        assert (customer.phone, order.phone) == ("+358401234567", "040 123 4567")
        assert (customer.city, order.billing_city) == ("Helsinki", "HELSINKI")
        assert (customer.business_id, customer.language, customer.source) == ("2077474-0", "fi", "order")
        assert (customer.email_identity, customer.version) == ("aino@example.com", 1)
        assert order.customer_id == customer.id
        assert order.delivery_street is None


def test_an_unreadable_phone_stays_on_the_order(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, order_file(tmp_path, row(phone="kysy vaimolta")))
    with transaction():
        assert [order.phone for order in all_of(Order)] == ["kysy vaimolta"]
        assert [customer.phone for customer in all_of(Customer)] == [None]


def test_customers_are_known_by_number_and_by_email(transaction: Transaction, tmp_path: Path) -> None:
    rows = [
        row(order_number="1"),
        row(order_number="2", email=""),
        row(order_number="3", customer_number="", email="AINO@example.com"),
        row(order_number="4", customer_number="", email="onni@example.com"),
        row(order_number="5", customer_number="C2", email="onni@example.com"),
    ]
    with transaction() as context:
        assert run(context, order_file(tmp_path, *rows)).customers == 2
    with transaction():
        owners = [order.customer_id for order in all_of(Order)]
        assert owners[0] == owners[1] == owners[2] != owners[3] == owners[4]
        assert {key.external_key: key.customer_id for key in all_of(CustomerKey)} == {"C1": owners[0], "C2": owners[3]}


def test_shops_number_their_customers_each_for_itself(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, order_file(tmp_path, row()), shop="Kivi Jalka")
        run(context, order_file(tmp_path, row(email="onni@example.com")), shop="Kivijalka")
    with transaction():
        assert len({order.customer_id for order in all_of(Order)}) == 2
        assert [(shop.code, shop.prefix) for shop in all_of(Shop)] == [("kivi-jalka", "KJ"), ("kivijalka", "KIV")]


def test_prefixes_are_never_shared() -> None:
    taken = {"VER", "VERK", "VERKK", "VERKKO", "VERKKOK", "VERKKOKA"}
    assert prefix_of("verkkokauppa", taken) == "VERKKOK2"
    assert prefix_of("verkkokauppa", taken | {"VERKKOK2"}) == "VERKKOK3"


@pytest.mark.parametrize("apart", [True, False], ids=["in the register", "in the file"])
def test_a_number_and_an_email_of_two_customers_are_refused(
    transaction: Transaction, tmp_path: Path, apart: bool
) -> None:
    known = [row(order_number="1"), row(order_number="2", customer_number="C2", email="onni@example.com")]
    bad = [
        row(order_number="3", customer_number="C1", email="onni@example.com"),
        row(order_number="4", customer_number="C3", email="aino@example.com"),
    ]
    if apart:
        with transaction() as context:
            run(context, order_file(tmp_path, *known))
        known = []
    first = 2 + len(known)
    assert refused(transaction, order_file(tmp_path, *known, *bad)) == [(first, "email"), (first + 1, "email")]


def test_faults_and_conflicts_are_told_together(transaction: Transaction, tmp_path: Path) -> None:
    rows = [
        row(order_number="1"),
        row(order_number="2", quantity="x"),
        row(order_number="3", customer_number="C2", email="aino@example.com"),
        row(order_number="4", currency="?"),
    ]
    found = refused(transaction, order_file(tmp_path, *rows))
    assert found == [(3, "quantity"), (4, "email"), (5, "currency")]
    with transaction():
        assert not all_of(Order)
        assert not all_of(Shop)


def test_nobody_reaches_an_account_by_email_alone(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        owner = builders.account(context, email="aino@example.com").customer_id
        run(context, order_file(tmp_path, row(), row(order_number="2", customer_number="")))
    with transaction():
        assert owner not in {order.customer_id for order in all_of(Order)}
        assert len({order.customer_id for order in all_of(Order)}) == 1


def test_a_merged_customer_stands_for_the_one_who_took_over(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, order_file(tmp_path, row()))
        owner = builders.account(context, email="aino@example.com").customer_id
        db.session.execute(update(Customer).where(Customer.id != owner).values(merged_into_id=owner))
    with transaction() as context:
        run(context, order_file(tmp_path, row(order_number="2"), row(order_number="3", customer_number="")))
    with transaction():
        assert [order.customer_id for order in all_of(Order)][1:] == [owner, owner]


def test_a_new_status_is_a_step_of_the_timeline(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, order_file(tmp_path, row(status="on-hold")))
    with transaction() as context:
        again = run(context, order_file(tmp_path, row(status="completed"), row(order_number="2")))
        learned = context.now
    assert (again.added, again.changed) == (1, 1)
    with transaction():
        first = all_of(Order)[0]
        steps = [(event.status, event.occurred_at) for event in all_of(OrderEvent) if event.order_id == first.id]
        assert steps == [("on_hold", first.placed_at), ("completed", learned)]
        assert first.status == "completed"


def test_changed_lines_replace_the_old_ones(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, order_file(tmp_path, row(), row(sku="VS-2")))
    with transaction() as context:
        assert run(context, order_file(tmp_path, row(quantity="3"))).changed == 1
    with transaction():
        assert [(line.sku, line.quantity, line.gross) for line in all_of(OrderLine)] == [("VS-1", 3000, 7470)]
        (order,) = all_of(Order)
        assert (order.gross, order.net, order.vat, order.line_count) == (7470, 5952, 1518, 1)
        assert len(all_of(OrderEvent)) == 1


def test_an_import_fills_what_is_empty_and_overwrites_nothing(transaction: Transaction, tmp_path: Path) -> None:
    bare = {"phone": "", "billing_street": "", "billing_postal_code": "", "billing_city": "", "billing_name": ""}
    with transaction() as context:
        run(context, order_file(tmp_path, row(**{**bare, "billing_country": ""})))
    with transaction() as context:
        told = row(order_number="2", first_name="Toinen", company="Villa Oy", billing_postal_code="00220")
        run(context, order_file(tmp_path, told))
    with transaction() as context:
        (customer,) = all_of(Customer)
        assert (customer.first_name, customer.company, customer.phone) == ("Aino", "Villa Oy", "+358401234567")
        assert (customer.street, customer.postal_code, customer.city) == ("Kuubankatu 2", "00220", "Helsinki")
        assert {change.source for change in all_of(Provenance)} == {"order"}
        provenance.set_fields(context, provenance.lock(customer.id), {"phone": None, "company": "Uusi Oy"})
    with transaction() as context:
        run(context, order_file(tmp_path, row(order_number="3", company="Villa Oy")))
    with transaction():
        (customer,) = all_of(Customer)
        assert (customer.phone, customer.company) == (None, "Uusi Oy")


def test_emptied_customers_are_not_filled_again_by_the_same_file(transaction: Transaction, tmp_path: Path) -> None:
    path = order_file(tmp_path, row())
    with transaction() as context:
        run(context, path)
    with transaction():
        emptied = {"first_name": "", "last_name": "", "email": None, "email_identity": None, "phone": None}
        db.session.execute(update(Customer).values(**emptied))
    with transaction() as context:
        assert run(context, path).changes == 0
    with transaction():
        assert [customer.phone for customer in all_of(Customer)] == [None]
        assert [key.external_key for key in all_of(CustomerKey)] == ["C1"]


def test_a_changed_order_stays_with_its_customer(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, order_file(tmp_path, row()))
        other = builders.account(context).customer_id
        db.session.execute(update(Order).values(customer_id=other))
    with transaction() as context:
        assert run(context, order_file(tmp_path, row(status="refunded"))).changed == 1
    with transaction():
        assert [order.customer_id for order in all_of(Order)] == [other]


def test_numbers_that_are_no_slugs_become_public_ones(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, order_file(tmp_path, row(order_number="#1/ä"), row(order_number="x" * 100)))
    with transaction():
        numbers = [order.number for order in all_of(Order)]
        assert all(number.startswith("VER-") and "--" in number and len(number) <= 48 for number in numbers)


def test_staff_find_imported_customers(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as context:
        run(context, order_file(tmp_path, row(customer_number="KANTA-77")))
    with transaction():
        (text,) = db.session.scalars(select(CustomerSearch.text))
        assert "  kanta-77" in text
