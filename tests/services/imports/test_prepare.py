"""What a plain order file may hold, and that every bad row is named by line, column, value and reason."""

import re
from pathlib import Path

import pytest

from portal.models.base import Base
from portal.services.imports.formats import prepare
from portal.services.imports.plain_format import COLUMNS, MAX_LENGTHS, MAX_LINES_OF_ORDER
from portal.services.imports.problems import BadCell, FileRefused
from portal.services.imports.received import ORDER_FIELDS, Received
from tests.support.order_files import NORTHWIND, csv_text, order_file, row


def orders_of(path: Path) -> list[Received]:
    """The orders of a file that must be good."""
    with prepare(path, "csv") as prepared:
        assert list(FileRefused(*prepared.problems)) == []
        return list(prepared.orders)


def problems_of(path: Path) -> list[BadCell]:
    """What is wrong with a file."""
    with prepare(path, "csv") as prepared:
        return list(FileRefused(*prepared.problems))


def stored(order: Received, name: str) -> object:
    """What an order's row would hold in a column."""
    return order[4][ORDER_FIELDS.index(name)]


def test_northwind_is_read_whole() -> None:
    orders = orders_of(NORTHWIND)
    assert len(orders) == 830
    assert sum(len(order[5]) for order in orders) == 2155
    assert sum(order[4][ORDER_FIELDS.index("gross")] for order in orders) == 126_579_313
    without_code = [order for order in orders if stored(order, "billing_postal_code") is None]
    assert sum(len(order[5]) for order in without_code) == 55


def test_amounts_are_exact(tmp_path: Path) -> None:
    lines = [
        row(quantity="1", unit_price="49.90", vat_rate="25.5"),
        row(quantity="1", unit_price="12.99", vat_rate="13.5"),
        row(quantity="0.333", unit_price="0.0150", vat_rate="0"),
        row(quantity="3", unit_price="-1.005", vat_rate="25.5"),
    ]
    (order,) = orders_of(order_file(tmp_path, *lines))
    assert [line[-3:] for line in order[5]] == [(3976, 1014, 4990), (1144, 155, 1299), (0, 0, 0), (-241, -61, -302)]
    assert [stored(order, name) for name in ("net", "vat", "gross")] == [4879, 1108, 5987]
    assert [line[4:7] for line in order[5]][2] == (333, 150, 0)


@pytest.mark.parametrize(("currency", "gross"), [("EUR", 2468), ("JPY", 25), ("KWD", 24680)])
def test_amounts_follow_the_currency(tmp_path: Path, currency: str, gross: int) -> None:
    (order,) = orders_of(order_file(tmp_path, row(currency=currency, quantity="2", unit_price="12.34")))
    assert stored(order, "gross") == gross


def test_without_a_rate_vat_is_unknown(tmp_path: Path) -> None:
    (order,) = orders_of(order_file(tmp_path, row(vat_rate=""), row()))
    assert order[5][0][-3:] == (None, None, 4980)
    assert [stored(order, name) for name in ("net", "vat", "gross")] == [None, None, 9960]


def test_text_stays_as_received(tmp_path: Path) -> None:
    received = {"billing_street": "Berguvsvägen  8", "note": "soita\r\novelle", "phone": "ei ole"}
    (order,) = orders_of(order_file(tmp_path, row(**received)))
    assert {name: stored(order, name) for name in received} == received


def test_times_become_utc(tmp_path: Path) -> None:
    (order,) = orders_of(order_file(tmp_path, row()))
    assert stored(order, "placed_at") == "2026-03-05 08:15:00.000000"


def test_columns_may_stand_in_any_order_and_a_mark_may_stand_first(tmp_path: Path) -> None:
    turned = csv_text([row()[::-1]], header=COLUMNS[::-1])
    path = tmp_path / "turned.csv"
    path.write_text("\ufeff" + turned.replace("\r\n", "\n") + "\n", encoding="utf-8")
    assert orders_of(path) == orders_of(order_file(tmp_path, row()))


def test_writing_a_number_differently_is_no_change(tmp_path: Path) -> None:
    first = orders_of(order_file(tmp_path, row()))
    second = orders_of(order_file(tmp_path, row(unit_price="24.9", quantity="2.000", vat_rate="25.50")))
    third = orders_of(order_file(tmp_path, row(unit_price="24.91")))
    assert first[0][2] == second[0][2] != third[0][2]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("placed_at", "2026-03-05T10:15:00", "time zone"),
        ("placed_at", "5.3.2026", "Write the date and time"),
        ("placed_at", "2026-02-30T10:15:00Z", "no such date"),
        ("placed_at", "0001-01-01T00:00:00+14:00", "year|no such date"),
        ("status", "lost", "must be one of"),
        ("currency", "eur", "ISO 4217"),
        ("billing_country", "Finland", "ISO 3166"),
        ("billing_country", "", "needs a country"),
        ("email", "aino@", "no e-mail address"),
        ("quantity", "0", "above zero"),
        ("quantity", "-1", "above zero"),
        ("quantity", "1.0005", "at most 3 decimals"),
        ("unit_price", "24,90", "with a dot"),
        ("unit_price", "1e3", "with a dot"),
        ("unit_price", "٣", "with a dot"),
        ("unit_price", "1.00001", "at most 4 decimals"),
        ("unit_price", "9" * 40, "11 digits"),
        ("vat_rate", "100.5", "between 0 and 100"),
        ("vat_rate", "alv", "with a dot"),
        ("product", "", "must not be empty"),
        ("order_number", "", "must not be empty"),
        ("first_name", "Aino\x00", "cannot be printed"),
        ("last_name", "\u202eneN", "cannot be printed"),
        ("billing_city", "Helsinki\nEspoo", "cannot be printed"),
        ("note", "x" * 2001, "longer than 2,000"),
        ("customer_number", "x" * 101, "longer than 100"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, column: str, value: str, reason: str) -> None:
    good = [row(order_number=str(number)) for number in (1, 2, 3)]
    (problem,) = problems_of(order_file(tmp_path, *good, row(**{column: value})))
    assert (problem.place, problem.column, problem.value) == (5, column, value)
    assert re.search(reason, problem.reason.told("en"))


def test_every_bad_cell_of_every_row_is_named(tmp_path: Path) -> None:
    path = order_file(
        tmp_path,
        row(order_number="1", quantity="x", unit_price="y"),
        row(order_number="2"),
        row(order_number="3", note="two\r\nlines", placed_at="now"),
        row(order_number="4", vat_rate="-1"),
    )
    found = [(problem.place, problem.order, problem.column) for problem in problems_of(path)]
    assert found == [(2, "1", "quantity"), (2, "1", "unit_price"), (4, "3", "placed_at"), (6, "4", "vat_rate")]


def test_a_fault_is_placed_by_its_line(tmp_path: Path) -> None:
    (problem,) = problems_of(order_file(tmp_path, row(order_number="1001", status="lost")))
    assert problem.where("en") == "line 2"
    known = "pending, on_hold, processing, shipped, completed, cancelled, refunded, failed"
    assert problem.reason.told("en") == f"The status must be one of these: {known}."


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "latin1.csv"
    path.write_bytes(csv_text([row(), row(order_number="2", billing_city="Ähtäri")]).encode("latin-1"))
    (problem,) = problems_of(path)
    assert (problem.place, problem.column) == (3, "billing_city")
    assert "0xc4 is not UTF-8" in str(problem)
    assert str(problem).isascii()


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ([name for name in COLUMNS if name != "sku"], "column sku is missing"),
        ([*COLUMNS, "sku"], "column sku stands twice"),
        ([*COLUMNS, "colour"], "column colour is unknown"),
        ([";".join(COLUMNS)], "separated by commas"),
        (["email", "first_name", "colour"], f"must be: {','.join(COLUMNS)}"),
        (["Sehr geehrte Damen und Herren"], "no plain order file"),
    ],
)
def test_a_wrong_header_is_named(tmp_path: Path, header: list[str], reason: str) -> None:
    path = tmp_path / "header.csv"
    path.write_text(csv_text([row()], header=header), encoding="utf-8")
    (problem,) = problems_of(path)
    assert problem.place == 1
    assert reason in problem.reason.told("en")


def test_an_order_in_two_places_is_refused(tmp_path: Path) -> None:
    rows = [row(), row(order_number="1002"), row(), row(order_number=" 1002 ")]
    found = problems_of(order_file(tmp_path, *rows))
    assert [(problem.place, problem.column, problem.value) for problem in found] == [
        (4, "order_number", "1001"),
        (5, "order_number", "1002"),
    ]
    assert "line 2" in found[0].reason.told("en")


def test_an_order_in_two_batches_is_one_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.services.imports.plain_reading.BATCH_ROWS", 2)
    monkeypatch.setattr("portal.services.imports.repeated._PARTITION", 1)
    rows = [row(order_number=str(number // 5)) for number in range(13)]
    assert [len(order[5]) for order in orders_of(order_file(tmp_path, *rows))] == [5, 5, 3]
    again = problems_of(order_file(tmp_path, *rows, row(order_number="0")))
    assert [(problem.place, problem.value) for problem in again] == [(15, "0")]


def test_rows_of_an_order_must_agree(tmp_path: Path) -> None:
    found = problems_of(order_file(tmp_path, row(), row(billing_city="Espoo"), row(placed_at="yesterday")))
    assert [(problem.place, problem.column) for problem in found] == [(3, "billing_city"), (4, "placed_at")]
    assert "line 2, says something else" in found[0].reason.told("en")
    assert "Write the date and time" in found[1].reason.told("en")


def test_somebody_must_have_ordered(tmp_path: Path) -> None:
    (problem,) = problems_of(order_file(tmp_path, row(customer_number="", email="")))
    assert (problem.place, problem.column) == (2, "customer_number")


def test_rows_of_another_width_are_named(tmp_path: Path) -> None:
    rows = [row(order_number="1"), row(order_number="2")[:-1], row(order_number="3")]
    (problem,) = problems_of(order_file(tmp_path, *rows))
    assert str(problem).startswith("line 3: The row has 27 cells instead of 28.")


def test_totals_too_large_for_the_register_are_refused(tmp_path: Path) -> None:
    great = {"quantity": "90000", "unit_price": "99999999"}
    found = problems_of(order_file(tmp_path, row(**great), row(**great), row(order_number="2", quantity="99999999999")))
    assert [(problem.place, problem.column) for problem in found] == [(2, "unit_price")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + bytes(100), "archive"),
        (csv_text([row()]).encode() + b'"1002', "was cut"),
        (csv_text([row()]).encode() + b'"10"02,', "not CSV"),
        (csv_text([row()]).encode() + b'"' + b"a,\n" * 60_000, "quotation mark"),
        (b"a" * 2_000_000, "no CSV"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    assert reason in problems_of(path)[-1].reason.told("en")


def test_caps_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = order_file(tmp_path, *[row()] * (MAX_LINES_OF_ORDER + 3001))
    assert "more than 5,000 lines" in problems_of(long)[-1].reason.told("en")
    monkeypatch.setattr("portal.services.imports.plain_orders.MAX_ROWS", 1)
    assert "more than 1 rows" in problems_of(order_file(tmp_path, row(), row()))[-1].reason.told("en")
    monkeypatch.setattr("portal.services.imports.counted_bytes.MAX_BYTES", 10)
    assert "larger than 10 bytes" in problems_of(order_file(tmp_path, row()))[-1].reason.told("en")


def test_nothing_longer_than_its_column_passes() -> None:
    order, line = Base.metadata.tables["orders"], Base.metadata.tables["order_line"]
    customer, key = Base.metadata.tables["customer"], Base.metadata.tables["customer_key"]
    names = {"order_number": "external_id", "customer_number": "external_key"}
    address = {"billing_street": "street", "billing_postal_code": "postal_code", "billing_city": "city"}
    for name, longest in MAX_LENGTHS.items():
        columns = [table.c.get(names.get(name, name)) for table in (order, line, customer, key)]
        columns.append(customer.c.get(address.get(name, "")))
        if name == "phone":
            # A customer's phone is a number that was understood, and shorter than any text about it.
            columns = [order.c.phone]
        widths = [getattr(column.type, "length", None) for column in columns if column is not None]
        assert all(width is None or width >= longest for width in widths), name
