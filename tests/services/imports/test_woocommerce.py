"""Files of WooCommerce's orders: what is read, what must add up, and how everything wrong is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.rules.texts import LOCALES
from portal.services.imports import woocommerce_orders, woocommerce_reading
from portal.services.imports.formats import prepare
from portal.services.imports.problems import BadCell, FileRefused
from portal.services.imports.received import ORDER_FIELDS, Received
from portal.services.imports.woocommerce_format import MAX_LINES, MAX_PARTS
from tests.support.order_files import WOOCOMMERCE
from tests.support.woocommerce_files import woo_file, woo_order

Change = Callable[[dict[str, Any]], object]


def orders_of(path: Path) -> list[Received]:
    """The orders of a file that must be good."""
    with prepare(path, "woocommerce") as prepared:
        assert list(map(str, FileRefused(*prepared.problems))) == []
        return list(prepared.orders)


def problems_of(path: Path) -> list[BadCell]:
    """What is wrong with a file."""
    with prepare(path, "woocommerce") as prepared:
        return list(FileRefused(*prepared.problems))


def stored(order: Received, name: str) -> Any:
    """What an order's row would hold in a column."""
    return order[4][ORDER_FIELDS.index(name)]


def wrong(folder: Path, change: Change | None = None, /, **fields: Any) -> list[tuple[str, str, str]]:
    """The fields, values and reasons of one bad order among good ones."""
    good = [woo_order(number=number) for number in ("1", "3")]
    found = problems_of(woo_file(folder, good[0], woo_order(change, **fields), good[1]))
    assert {(problem.place, problem.order) for problem in found} <= {(2, str(fields.get("number", "901")))}
    return [(problem.column, problem.value, problem.reason.told("en")) for problem in found]


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


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("status", "lost", "must be one of"),
        ("currency", "eur", "ISO 4217"),
        ("total", 64.63, "text with a dot"),
        ("total", "64,63", "with a dot"),
        ("total", "6e1", "with a dot"),
        ("total", "0.123456789", "at most 8 decimals"),
        ("total", "9" * 12, "11 digits"),
        ("total", None, "text with a dot"),
        ("id", -1, "whole number"),
        ("id", 10**40, "whole number"),
        ("id", True, "whole number"),
        ("number", "", "must not be empty"),
        ("number", "x" * 101, "longer than 100"),
        ("date_created_gmt", "5.3.2026", "in UTC"),
        ("date_created_gmt", "2026-02-30T08:15:00", "no such date"),
        ("date_created_gmt", None, "in UTC"),
        ("customer_id", "7", "whole number"),
        ("customer_note", "x" * 2001, "longer than 2,000"),
        ("customer_note", "a\u0000b", "cannot be printed"),
        ("payment_method_title", "\u202eneN", "cannot be printed"),
        ("billing", [], "must be an object"),
        ("billing.email", "aino@", "no e-mail address"),
        ("billing.country", "Finland", "ISO 3166"),
        ("billing.country", "", "needs a country"),
        ("billing.first_name", 7, "must be a text"),
        ("billing.first_name", "\ud800", "cannot be printed"),
        ("shipping.postcode", "0" * 21, "longer than 20"),
        ("line_items", {}, "must be a list"),
        ("line_items[1].name", "", "must not be empty"),
        ("line_items[1].name", "&#x202e;", "cannot be printed"),
        ("line_items[1].name", "x" * 301, "longer than 300"),
        ("line_items[1].quantity", 0, "above zero"),
        ("line_items[1].quantity", 1.0005, "at most 3 decimals"),
        ("line_items[1].quantity", "1", "must be a number"),
        ("line_items[1].taxes[0].total", "x", "with a dot"),
        ("tax_lines[0].compound", 0, "true or false"),
        ("refunds[0].reason", "x" * 301, "longer than 300"),
        ("coupon_lines[0].code", "a\nb", "cannot be printed"),
    ],
)
def test_a_bad_field_is_named(tmp_path: Path, path: str, value: object, reason: str) -> None:
    def change(order: dict[str, Any]) -> None:
        *steps, last = path.replace("[", ".").replace("]", "").split(".")
        place: Any = order
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value

    found = problems_of(woo_file(tmp_path, woo_order(change)))
    told = [problem for problem in found if problem.column == path]
    assert len(told) == 1
    assert reason in told[0].reason.told("en")
    # Whatever was received can be shown and written to a file.
    for problem in found:
        for locale in LOCALES:
            assert problem.told(locale).replace("\u00a0", " ").encode().decode().isprintable()


def test_everything_wrong_with_an_order_is_told_at_once(tmp_path: Path) -> None:
    def change(order: dict[str, Any]) -> None:
        del order["date_created_gmt"]
        order["billing"]["country"] = "fi"
        order["line_items"][0]["name"] = ""

    found = wrong(tmp_path, change, total="64.64", currency="EUR", status="?")
    assert {field for field, _, _ in found} == {
        *("date_created_gmt", "billing.country", "line_items[0].name"),
        *("status", "total"),
    }
    assert ("date_created_gmt", "", "This field is missing.") in found


def test_somebody_must_have_ordered_something(tmp_path: Path) -> None:
    nobody = wrong(tmp_path, lambda order: order["billing"].update(email=""), customer_id=0)
    assert nobody == [
        ("billing.email", "", "Neither a customer number nor an e-mail address says whose order this is.")
    ]
    zero = ("cart_tax", "shipping_tax", "shipping_total", "total", "total_tax", "discount_total", "discount_tax")
    parts = ("line_items", "shipping_lines", "fee_lines", "coupon_lines", "refunds")
    empty = {**dict.fromkeys(zero, "0.00"), **{part: [] for part in parts}}
    assert [field for field, _, _ in wrong(tmp_path, **empty)] == ["line_items"]


def test_an_order_stands_once(tmp_path: Path) -> None:
    found = problems_of(woo_file(tmp_path, woo_order(), woo_order(number="5"), woo_order(status="completed")))
    assert [(problem.place, problem.order, problem.column) for problem in found] == [(3, "901", "number")]
    assert str(found[0]) == (
        'order "901" (number 3 in the file), column number, value "901": '
        "This order stands in the file already, as number 1."
    )


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


GOOD = json.dumps([woo_order()]).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "list of orders"),
        (b"  \n", "list of orders"),
        (b"order_number,placed_at\n", "list of orders"),
        (b"PK\x03\x04" + bytes(100), "archive"),
        (b"\x1f\x8b" + bytes(100), "archive"),
        (b"[", "it was cut"),
        (GOOD[:-1], "it was cut"),
        (GOOD[:-1] + b",", "it was cut"),
        (GOOD[: len(GOOD) // 2], "it was cut"),
        (GOOD[:-100], "it was cut"),
        (GOOD[:-1] + b" {}]", "not JSON"),
        (GOOD[:-1] + b",]", "JSON object"),
        (b"[7]", "JSON object"),
        (b'[{"total": NaN}]' + b" " * 99, "not JSON"),
        (b'[{"id": ' + b"9" * 5000 + b"}]", "not JSON"),
        (b"[{'id': 1}]" + b" " * 99, "not JSON"),
        (b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "nested"),
        (GOOD + b"[]", "follows the end"),
        (GOOD + b"\x00", "follows the end"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    found = problems_of(path)
    assert reason in found[-1].reason.told("en")


@pytest.mark.security(53)
def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "latin1.json"
    order = woo_order(lambda order: order["billing"].update(city="Ähtäri"), meta_data=[{"key": "x", "value": "ok"}])
    path.write_bytes(json.dumps([order], ensure_ascii=False).encode("latin-1", "xmlcharrefreplace"))
    assert [problem.column for problem in problems_of(path)] == ["fee_lines[0].name", "billing.city"]
    unread = woo_order(meta_data=[{"key": "x", "value": "?"}])
    path.write_bytes(json.dumps([unread]).encode().replace(b'"?"', b'"\xe4"'))
    (problem,) = problems_of(path)
    assert str(problem) == ('order "901" (number 1 in the file): The byte 0xe4 is not UTF-8. Save the file in UTF-8.')


@pytest.mark.security(53)
def test_caps_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = woo_order()["line_items"][1]
    assert "5,000 items" in wrong(tmp_path, line_items=[line] * (MAX_LINES + 1))[0][2]
    refund = {"id": 1, "total": "0.00"}
    assert "1,000 items" in wrong(tmp_path, refunds=[refund] * (MAX_PARTS + 1))[0][2]
    long = woo_file(tmp_path, woo_order(meta_data="x" * 5_000_000))
    assert "longer than 4,000,000" in problems_of(long)[-1].reason.told("en")
    monkeypatch.setattr(woocommerce_orders, "MAX_ORDERS", 1)
    assert "more than 1 orders" in problems_of(woo_file(tmp_path, woo_order(), woo_order(id=2)))[-1].reason.told("en")
    monkeypatch.setattr("portal.services.imports.counted_bytes.MAX_BYTES", 10)
    assert "larger than 10 bytes" in problems_of(woo_file(tmp_path, woo_order()))[-1].reason.told("en")
