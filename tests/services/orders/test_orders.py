"""One order in full: its parts, its VAT by rate and its sums, as the shop gave them."""

from portal.models.base import db
from portal.models.order import Order, OrderCharge, OrderLine
from portal.rules.money import VatRow
from portal.services.orders import orders
from tests.support import builders
from tests.support.builders import Line
from tests.support.fixtures import Transaction


def test_parts_and_vat_agree_with_the_totals_to_the_cent(transaction: Transaction, reading: Transaction) -> None:
    lines = [Line("A", 3, 3333, 2550), Line("B", 1, 1299, 1350), Line("C", 7, 101, 2550)]
    with transaction() as context:
        customer = builders.customer(context)
        made = builders.order(context, customer, lines=lines, shipping=590, discount=333)
    with reading() as context:
        found = orders.detail(context, customer, made.number)
    assert [line.product for line in found.lines] == ["A", "B", "C"]
    assert [row.basis_points for row in found.vat] == [2550, 1350]
    assert sum(row.gross for row in found.vat) == found.order.gross == 3 * 3333 + 1299 + 707 + 590 - 333
    assert sum(row.net for row in found.vat) == found.order.net
    assert sum(row.vat for row in found.vat) == found.order.vat
    assert (found.untold, found.rounding, found.goods) == (0, 0, 3 * 3333 + 1299 + 707)


def test_what_the_shop_did_not_tell_is_not_made_up(transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        customer = builders.customer(context)
        made = builders.order(context, customer, lines=[Line("A", 1, 1000, 0), Line("B", 1, 500)])
        order = db.session.get_one(Order, made.id)
        order.net, order.vat, order.gross, order.currency = None, None, 1502, "USD"
        line = db.session.get_one(OrderLine, (made.id, 2))
        line.vat_rate, line.net, line.vat = None, None, None
    with reading() as context:
        found = orders.detail(context, customer, made.number)
    assert found.vat == (VatRow("USD", 0, 1000, 0, 1000),)
    assert (found.untold, found.rounding) == (500, 2)


def test_a_rate_that_is_not_told_keeps_its_amounts(transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        customer = builders.customer(context)
        made = builders.order(context, customer, lines=[Line("A", 1, 1255, 2550)], shipping=590)
        db.session.get_one(OrderCharge, (made.id, 1)).vat_rate = None
    with reading() as context:
        found = orders.detail(context, customer, made.number)
    assert [row.basis_points for row in found.vat] == [2550, None]
    assert found.vat[1].gross == 590


def test_two_shops_with_one_number_have_two_orders(transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        customer = builders.customer(context)
        other = builders.shop(context, "toinen", name="Toinen", prefix="TO")
        first = builders.order(context, customer, external_id="7")
        second = builders.order(context, customer, external_id="7", shop_id=other)
    with reading() as context:
        assert [orders.detail(context, customer, made.number).order.shop for made in (first, second)] == [
            "Verkkokauppa",
            "Toinen",
        ]
