"""What is read of WooCommerce's orders, and how the file is read an order at a time."""

import json
from pathlib import Path
from typing import Any

import pytest

from portal.services.imports import woocommerce_reading
from portal.services.imports.formats import prepare
from tests.support.order_files import WOOCOMMERCE
from tests.support.woocommerce_files import orders_of, stored, woo_file, woo_order


def test_the_documented_orders_are_read() -> None:
    first, second = orders_of(WOOCOMMERCE)
    assert (first[1], first[3]) == ("727", ("", "john.doe@example.com", "John", "Doe", "", ""))
    assert [stored(first, name) for name in ("status", "currency", "placed_at", "gross", "net", "vat")] == [
        *("processing", "USD", "2017-03-22 19:28:02.000000"),
        *(2935, 2800, 135),
    ]
    assert [line[2] for line in first[5]] == ["Woo Single #1", "Ship Your Idea – Color: Black, Size: M Test"]
    # 7.5 % and what lies around it explain 0.45 on 6.00; no tax on 10.00 is no tax.
    assert [line[5:] for line in first[5]] == [(32250, None, 600, 45, 645), (129000, None, 1200, 90, 1290)]
    assert first[6] == ([(1, "shipping", "Flat Rate", 0, 1000, 0, 1000)], [], "2017-03-22 19:28:08.000000", False)
    assert second[3][:2] == ("26", "joao.silva@example.com")
    assert [line[6] for line in second[5]] == [0, 0]
    assert second[6][1] == [(1, "726", None, -1000), (2, "724", None, -900)]
    assert second[6][2] == "2017-03-21 19:54:51.000000"
    assert (stored(second, "gross"), stored(second, "billing_city")) == (3900, "Rio de Janeiro, RJ")


def test_every_part_of_an_order_is_kept(tmp_path: Path) -> None:
    (order,) = orders_of(woo_file(tmp_path, woo_order()))
    assert order[5] == [
        (1, "VS-1", "Villasukat – koko 38–40", "villasukat – koko 38–40", 2000, 251_000, 2550, 4000, 1020, 5020),
        (2, None, "Muki", "muki", 1000, 100_400, 2550, 800, 204, 1004),
    ]
    charges, refunds, reached, only_known = order[6]
    assert charges == [
        (1, "shipping", "Posti & paketti", 2550, 550, 140, 690),
        (2, "fee", "Laskutuslisä", 2550, 200, 51, 251),
        (3, "discount", "kevät10", 2550, -400, -102, -502),
    ]
    assert refunds == [(1, "950", "Muki oli rikki", -1004)]
    assert (reached, only_known) == ("2026-03-05 08:20:00.000000", False)
    assert sum(line[-1] for line in order[5]) + sum(charge[-1] for charge in charges) == stored(order, "gross") == 6463
    assert (stored(order, "payment_method"), stored(order, "note")) == ("Verkkopankki", "Soittakaa ennen toimitusta.")


def test_addresses_have_five_lines(tmp_path: Path) -> None:
    def change(order: dict[str, Any]) -> None:
        order["billing"] |= {"company": "Meri &amp; Tuuli Oy", "address_2": "A 3", "state": "Uusimaa"}
        order["shipping"] = {"country": "FI"}

    (order,) = orders_of(woo_file(tmp_path, woo_order(change)))
    parts = ("name", "street", "postal_code", "city", "country")
    assert [stored(order, f"billing_{part}") for part in parts] == [
        *("Meri & Tuuli Oy / Aino Virtanen", "Kuubankatu 2, A 3"),
        *("00220", "Helsinki", "FI"),
    ]
    assert [stored(order, f"delivery_{part}") for part in parts] == [None] * 5
    assert order[3] == ("7", "aino@example.com", "Aino", "Virtanen", "Meri & Tuuli Oy", "")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("pending", "pending"),
        ("on-hold", "on_hold"),
        ("processing", "processing"),
        ("completed", "completed"),
        ("cancelled", "cancelled"),
        ("refunded", "refunded"),
        ("failed", "failed"),
    ],
)
def test_statuses_are_ours(tmp_path: Path, status: str, code: str) -> None:
    (order,) = orders_of(woo_file(tmp_path, woo_order(status=status)))
    assert (stored(order, "status"), order[6][3]) == (code, False)


def test_drafts_are_no_orders_and_the_trash_is_told_apart(tmp_path: Path) -> None:
    drafts = [woo_order(status=status, total="x") for status in ("checkout-draft", "auto-draft", "draft")]
    path = woo_file(tmp_path, *drafts, woo_order(status="trash"))
    with prepare(path, "woocommerce") as prepared:
        (order,) = prepared.orders
        assert (prepared.skipped, prepared.problem_count) == (3, 0)
    assert (stored(order, "status"), order[6][3]) == ("cancelled", True)


def test_saying_it_differently_is_no_change(tmp_path: Path) -> None:
    (first,) = orders_of(woo_file(tmp_path, woo_order()))
    (same,) = orders_of(woo_file(tmp_path, woo_order(total="64.630", date_modified_gmt="2026-04-01T00:00:00", id=902)))
    (refunded,) = orders_of(woo_file(tmp_path, woo_order(refunds=[])))
    (completed,) = orders_of(woo_file(tmp_path, woo_order(status="completed")))
    assert first[2] == same[2]
    assert len({first[2], refunded[2], completed[2]}) == 3


def test_one_order_alone_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text("\ufeff" + json.dumps(woo_order(), indent=2) + "\n", encoding="utf-8")
    assert orders_of(path) == orders_of(woo_file(tmp_path, woo_order()))
    path.write_text(" [ ] ", encoding="utf-8")
    assert orders_of(path) == []


def test_no_more_than_an_order_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders are found whole wherever the pieces end that the file is read in."""
    orders = [woo_order(number=str(number), customer_note="ä–" * number) for number in range(1, 40)]
    path = woo_file(tmp_path, *orders)
    whole = orders_of(path)
    for piece in (7, 31, 1000):
        monkeypatch.setattr(woocommerce_reading, "_PIECE", piece)
        assert orders_of(path) == whole
