"""From a file of WooCommerce's orders to checked orders; whatever is wrong with an order is told at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from portal.services.imports.prepared import Prepared, Progress
from portal.services.imports.problems import SHOWN_VALUE, BadCell, Reason, Unreadable
from portal.services.imports.received import Received
from portal.services.imports.repeated import Numbers
from portal.services.imports.woocommerce_assembly import assemble
from portal.services.imports.woocommerce_fields import CODE
from portal.services.imports.woocommerce_format import DRAFTS, OrderAmounts, WooOrder
from portal.services.imports.woocommerce_reading import JsonOrder, OrderFile
from portal.services.imports.woocommerce_sums import wrong_sums

MAX_ORDERS = 1_000_000
BATCH_ORDERS = 500
_KINDS = {"missing": "missing", "tuple_type": "kind_list", "model_type": "kind_object"}


def read(path: Path, prepared: Prepared, progress: Progress) -> None:
    """Read and check a file of orders."""
    prepared.by_order, prepared.email_field = True, "billing.email"
    file = OrderFile(path)
    reader = _Reader(prepared)
    try:
        for order in file.orders():
            reader.add(order)
            if order.place > MAX_ORDERS:
                raise Unreadable.file("too_many_orders", maximum=MAX_ORDERS)
            if order.place % BATCH_ORDERS == 0:
                reader.flush()
                progress(prepared.row_count)
        reader.finish()
        prepared.digest = file.digest
    finally:
        reader.flush()
        file.close()


class _Reader:
    """Puts good orders on the spool, in batches, and the problems of the others beside them."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._numbers = Numbers()
        self._batch: list[Received] = []
        self._problems: list[BadCell] = []

    def add(self, order: JsonOrder) -> None:
        """Check an order."""
        status = order.value.get("status")
        if isinstance(status, str) and status in DRAFTS:
            self._prepared.skipped += 1
            return
        lines = order.value.get("line_items")
        self._prepared.row_count += len(lines) if isinstance(lines, list) else 0
        checked, problems = check(order)
        if checked is None:
            self._problems += problems
        else:
            self._batch.append(assemble(order.place, checked))

    def flush(self) -> None:
        """Put what has gathered on the spools."""
        self._numbers.add([order[1] for order in self._batch], [order[0] for order in self._batch])
        self._prepared.orders.extend(self._batch)
        self._prepared.problems[0].extend(self._problems)
        self._batch, self._problems = [], []

    def finish(self) -> None:
        """Refuse orders that stand twice."""
        self.flush()
        again = self._numbers.repeated()
        numbers = self._prepared.numbers_at(again)
        self._prepared.add_last_problems(
            BadCell.of(place, "number", numbers[place], Reason.of("order_again", place=str(first)), numbers[place])
            for place, first in again.items()
        )


def check(order: JsonOrder) -> tuple[WooOrder | None, list[BadCell]]:
    """The order, or everything that is wrong with it."""
    number = _number(order.value)
    checked, found = None, []
    try:
        checked = WooOrder.model_validate(order.value)
    except ValidationError as error:
        found = [_told(order, number, detail) for detail in error.errors(include_url=False)]
    found += [BadCell.of(order.place, *wrong, number) for wrong in _wrong_sums(order, checked)]
    if checked is not None:
        found += [BadCell.of(order.place, *wrong, number) for wrong in _contradictions(checked)]
    if order.foreign is not None and not any(problem.code == "not_utf8" for problem in found):
        found.append(BadCell.of(order.place, "", "", _not_utf8(order.foreign), number))
    return (None if found else checked), found


def _wrong_sums(order: JsonOrder, checked: WooOrder | None) -> Iterator[tuple[str, str, Reason]]:
    """What does not add up, also beside names that are wrong; nothing where an amount is wrong by itself."""
    try:
        yield from wrong_sums(checked or OrderAmounts.model_validate(order.value))
    except ValidationError:
        return


def _contradictions(order: WooOrder) -> Iterator[tuple[str, str, Reason]]:
    """What no field says alone."""
    if not order.customer_id and order.billing.email is None:
        yield "billing.email", "", Reason.of("nobody")
    if not (order.line_items or order.shipping_lines or order.fee_lines):
        yield "line_items", "[]", Reason.of("nothing_ordered")


def _told(order: JsonOrder, number: str, detail: Mapping[str, Any]) -> BadCell:
    kind, params = detail["type"], detail.get("ctx", {})
    reason = Reason.of(kind.removeprefix(CODE), **params) if kind.startswith(CODE) else Reason.of(_KINDS[kind])
    # The value of a missing field would be the whole object around it.
    value = "" if kind == "missing" else _written(detail["input"])
    return BadCell.of(order.place, _path(detail["loc"]), value, reason, number)


def _path(location: tuple[int | str, ...]) -> str:
    """``("line_items", 0, "total")`` as ``line_items[0].total``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


def _written(value: Any) -> str:
    """A received value as the file has it, bounded."""
    if isinstance(value, str):
        return value[: SHOWN_VALUE + 1]
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def _number(value: Mapping[str, Any]) -> str:
    """What the order is called in the list of problems."""
    for name in ("number", "id"):
        found = value.get(name)
        if isinstance(found, str | int) and not isinstance(found, bool) and found != "":
            return str(found)[:100]
    return "?"


def _not_utf8(byte: int) -> Reason:
    return Reason.of("not_utf8", byte=f"0x{byte:02x}")
