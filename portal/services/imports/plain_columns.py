"""Checks whole columns of a batch: each cell's own rules, and the rules between the cells of an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from portal.rules.money import MAX_MINOR, currency_exponent
from portal.services.imports import values
from portal.services.imports.plain_format import KEYS, LINE, MAX_LENGTHS, MULTILINE, ORDER
from portal.services.imports.problems import Reason

Span = tuple[int, int]
Money = tuple[int | None, int | None, int]

_PARSERS: dict[str, Callable[[str], Any]] = {
    "placed_at": values.moment,
    "status": values.status,
    "currency": values.currency,
    "email": values.email,
    "billing_country": values.country,
    "delivery_country": values.country,
    "quantity": values.quantity,
    "unit_price": values.unit_price,
    "vat_rate": values.vat_rate,
}
_REQUIRED = ("order_number", "product")
_ADDRESS = ("name", "street", "postal_code", "city")


class Fault(NamedTuple):
    """A fault in a cell: the index of its row in the batch, the column and the reason."""

    row: int
    column: str
    reason: Reason


class Checked(NamedTuple):
    """Columns by their names. Where there are faults the values have gaps."""

    columns: dict[str, Sequence[Any]]
    faults: list[Fault]


def check_orders(rows: Sequence[Sequence[str]]) -> Checked:
    """Check the orders' own cells; `rows` holds the cells of `plain_format.ORDER` for each order."""
    checked = _check(dict(zip(ORDER, zip(*rows, strict=True), strict=True)))
    columns = checked.columns
    for index, number in enumerate(columns["customer_number"]):
        if number == "" and columns["email"][index] is None and rows[index][ORDER.index("email")] == "":
            checked.faults.append(Fault(index, "customer_number", Reason.of("nobody")))
    for kind in ("billing", "delivery"):
        if None not in columns[f"{kind}_country"]:
            continue
        given = zip(*(columns[f"{kind}_{part}"] for part in _ADDRESS), strict=True)
        for index, (parts, country) in enumerate(zip(given, columns[f"{kind}_country"], strict=True)):
            if country is None and any(parts) and not rows[index][ORDER.index(f"{kind}_country")]:
                checked.faults.append(Fault(index, f"{kind}_country", Reason.of("country_missing")))
    return checked


def check_lines(rows: Sequence[Sequence[str]]) -> Checked:
    """Check the lines' cells; `rows` holds the cells of `plain_format.LINE` for each line."""
    return _check(dict(zip(LINE, zip(*rows, strict=True), strict=True)))


def line_moneys(
    lines: Mapping[str, Sequence[Any]], currencies: Sequence[str | None], spans: Sequence[Span]
) -> tuple[list[Money], list[Fault]]:
    """(net, vat, gross) of every line in minor units of its order's currency; `spans` are the orders' rows."""
    exponents = [
        currency_exponent(currency or "")
        for (start, end), currency in zip(spans, currencies, strict=True)
        for _ in range(start, end)
    ]
    cells = (lines["quantity"], lines["unit_price"], lines["vat_rate"], exponents)
    try:
        moneys = list(map(values.line_money, *cells))
        faults: list[Fault] = []
    except (values.BadValue, TypeError):
        # TypeError: a gap, where a fault was found already.
        moneys, faults = _each_money(*cells)
    for start, end in spans:
        if sum(abs(money[2]) for money in moneys[start:end]) > MAX_MINOR:
            faults.append(Fault(start, "unit_price", Reason.of("total_too_large")))
    return moneys, faults


def check_cells(name: str, cells: Sequence[str]) -> tuple[Sequence[Any], values.Faults]:
    """Check cells of one column by the column's own rules."""
    if name in _PARSERS:
        return values.convert(cells, _PARSERS[name])
    return values.check_text(cells, MAX_LENGTHS[name], key=name in KEYS, multiline=name in MULTILINE)


def _check(received: dict[str, Sequence[str]]) -> Checked:
    columns: dict[str, Sequence[Any]] = {}
    faults: list[Fault] = []
    for name, cells in received.items():
        columns[name], found = check_cells(name, cells)
        faults += (Fault(index, name, reason) for index, reason in found.items())
    for name in _REQUIRED:
        cells = columns.get(name, ())
        faults += (Fault(index, name, Reason.of("empty")) for index, cell in enumerate(cells) if cell == "")
    return Checked(columns, faults)


def _each_money(
    quantities: Sequence[int | None],
    prices: Sequence[int | None],
    rates: Sequence[int | None],
    exponents: Sequence[int],
) -> tuple[list[Money], list[Fault]]:
    moneys: list[Money] = []
    faults: list[Fault] = []
    for index, (quantity, price, rate, exponent) in enumerate(zip(quantities, prices, rates, exponents, strict=True)):
        money: Money = (None, None, 0)
        if quantity is not None and price is not None:
            try:
                money = values.line_money(quantity, price, rate, exponent)
            except values.BadValue as bad:
                faults.append(Fault(index, "unit_price", bad.reason))
        moneys.append(money)
    return moneys, faults
