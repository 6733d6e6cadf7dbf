"""What must add up in an order of WooCommerce, and when a VAT rate is certain."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.woocommerce_files import Change, orders_of, stored, woo_file, woo_order, wrong


def no_rate(order: dict[str, Any]) -> None:
    del order["tax_lines"][0]["rate_percent"]


def another_rate(order: dict[str, Any]) -> None:
    order["tax_lines"][0]["rate_percent"] = 24


def compound(order: dict[str, Any]) -> None:
    order["tax_lines"][0]["compound"] = True


def too_fine(order: dict[str, Any]) -> None:
    order["tax_lines"][0]["rate_percent"] = 25.501


def two_taxes(order: dict[str, Any]) -> None:
    order["line_items"][0]["taxes"] = [{"id": 3, "subtotal": "10.00"}, {"id": 4, "subtotal": "0.20"}]
    order["tax_lines"].append({"rate_id": 4, "rate_percent": 0.5})


@pytest.mark.parametrize("change", [no_rate, another_rate, compound, too_fine, two_taxes])
def test_a_rate_that_is_not_certain_is_not_told(tmp_path: Path, change: Change) -> None:
    (order,) = orders_of(woo_file(tmp_path, woo_order(change)))
    assert order[5][0][6] is None
    assert order[5][0][7:] == (4000, 1020, 5020)


@pytest.mark.parametrize(("price", "rate"), [("0.01", None), ("0.99", None), ("1.00", 0), ("900.00", 0)])
def test_no_tax_is_a_rate_only_where_tax_would_show(tmp_path: Path, price: str, rate: int | None) -> None:
    line = {"name": "Tarra", "quantity": 1, "subtotal": price, "total": price}
    amounts = dict.fromkeys(("discount_total", "discount_tax", "shipping_total", "shipping_tax", "cart_tax"), "0")
    parts: dict[str, Any] = {"shipping_lines": [], "fee_lines": [], "coupon_lines": [], "refunds": []}
    order = woo_order(line_items=[line], total=price, total_tax="0", **amounts, **parts)
    (read,) = orders_of(woo_file(tmp_path, order))
    assert read[5][0][6] == rate


def shipping_off(order: dict[str, Any]) -> None:
    order["shipping_lines"][0]["total"] = "5.51"


def fee_off(order: dict[str, Any]) -> None:
    order["fee_lines"][0]["total_tax"] = "0.52"


def line_off(order: dict[str, Any]) -> None:
    order["line_items"][1] |= {"total": "8.01", "subtotal": "8.01"}


def discount_off(order: dict[str, Any]) -> None:
    order["line_items"][0]["subtotal"] = "41.00"


def coupon_off(order: dict[str, Any]) -> None:
    order["coupon_lines"][0]["discount"] = "3.00"


def refund_off(order: dict[str, Any]) -> None:
    order["refunds"].append({"id": 951, "total": "-54.60"})


def refund_above(order: dict[str, Any]) -> None:
    order["refunds"][0]["total"] = "10.04"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (shipping_off, {"shipping_total": "5.51", "total": "64.64"}),
        (fee_off, {"cart_tax": "11.74", "total_tax": "13.14", "total": "64.64"}),
        (line_off, {"total": "64.64"}),
        (discount_off, {"discount_total": "5.00"}),
        (coupon_off, {"discount_total": "3.00"}),
        (refund_off, {"total": "64.64"}),
        (refund_above, {"refunds[0].total": "above zero"}),
    ],
)
def test_what_does_not_add_up_is_refused(tmp_path: Path, change: Change, told: dict[str, str]) -> None:
    found = {field: reason for field, _, reason in wrong(tmp_path, change)}
    assert set(found) == set(told)
    assert all(told[field] in reason for field, reason in found.items())


@pytest.mark.parametrize("total", ["64.62", "64.64", "0.00", "-64.63"])
def test_a_total_that_is_a_cent_off_is_refused(tmp_path: Path, total: str) -> None:
    found = wrong(tmp_path, total=total, refunds=[])
    assert found == [("total", total, "The parts of the order add up to 64.63.")]


def test_sums_are_rounded_once(tmp_path: Path) -> None:
    """A shop that rounds the tax of the whole order tells each line's with more decimals."""
    line = {"name": "Tarra", "quantity": 1, "subtotal": "0.796813", "total": "0.796813"}
    line |= {"subtotal_tax": "0.203187", "total_tax": "0.203187"}
    amounts = dict.fromkeys(("discount_total", "discount_tax", "shipping_total", "shipping_tax"), "0.00")
    parts: dict[str, Any] = {"shipping_lines": [], "fee_lines": [], "coupon_lines": [], "refunds": []}
    order = woo_order(line_items=[line] * 3, total="3.00", cart_tax="0.61", total_tax="0.61", **amounts, **parts)
    (read,) = orders_of(woo_file(tmp_path, order))
    assert [stored(read, name) for name in ("net", "vat", "gross")] == [239, 61, 300]


def test_discounts_may_differ_by_their_rounding(tmp_path: Path) -> None:
    def change(order: dict[str, Any]) -> None:
        order["coupon_lines"] = [
            {"code": "yksi", "discount": "1.99", "discount_tax": "0.51"},
            {"code": "kaksi", "discount": "2.00", "discount_tax": "0.51"},
        ]

    (order,) = orders_of(woo_file(tmp_path, woo_order(change)))
    assert [charge[1:3] for charge in order[6][0] if charge[1] == "discount"] == [
        ("discount", "yksi"),
        ("discount", "kaksi"),
    ]


def test_a_discount_without_a_coupon_is_one(tmp_path: Path) -> None:
    (order,) = orders_of(woo_file(tmp_path, woo_order(coupon_lines=[])))
    assert order[6][0][-1] == (3, "discount", None, 2550, -400, -102, -502)
