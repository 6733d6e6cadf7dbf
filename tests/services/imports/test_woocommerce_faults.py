"""Everything wrong with an order of WooCommerce, or with its file, is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from portal.rules.texts import LOCALES
from portal.services.imports import woocommerce_orders
from portal.services.imports.woocommerce_format import MAX_LINES, MAX_PARTS
from tests.support.woocommerce_files import problems_of, woo_file, woo_order, wrong


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
