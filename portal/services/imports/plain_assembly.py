"""The checked columns of a plain order file put together into orders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.services.imports.plain_columns import Money, Span
from portal.services.imports.plain_format import LINE, ORDER
from portal.services.imports.received import NO_EXTRAS, ORDER_FIELDS, Received
from portal.services.imports.values import folded

_AS_RECEIVED = ORDER_FIELDS[ORDER_FIELDS.index("billing_name") :]
_UNIT, _RECORD = "\x1f", "\x1e"


def assemble(
    first_lines: Sequence[int],
    spans: Sequence[Span],
    orders: Mapping[str, Sequence[Any]],
    lines: Mapping[str, Sequence[Any]],
    moneys: Sequence[Money],
) -> list[Received]:
    """The checked columns of a batch as orders; `spans` are the rows of each order."""
    addresses = [email[0] if email else None for email in orders["email"]]
    identities = [email[1] if email else None for email in orders["email"]]
    persons = zip(
        *(orders["customer_number"], identities),
        *(orders[name] for name in ("first_name", "last_name", "company", "business_id")),
        strict=True,
    )
    stored = _stored(spans, orders, lines["product"], moneys, addresses)
    rows = _rows(spans, lines, moneys)
    return list(
        zip(
            first_lines,
            orders["order_number"],
            _digests(spans, orders, lines),
            persons,
            stored,
            [rows[start:end] for start, end in spans],
            [NO_EXTRAS] * len(spans),
            strict=True,
        )
    )


def _stored(
    spans: Sequence[Span],
    orders: Mapping[str, Sequence[Any]],
    products: Sequence[str],
    moneys: Sequence[Money],
    addresses: Sequence[str | None],
) -> Iterator[tuple[Any, ...]]:
    """The values of `ORDER_FIELDS` for each order."""
    return zip(
        *(orders[name] for name in ("status", "currency", "placed_at")),
        *zip(*(_total(moneys[start:end]) for start, end in spans), strict=True),
        [products[start] for start, _ in spans],
        [end - start for start, end in spans],
        *(_or_none(orders[name]) for name in ("payment_method", "note")),
        addresses,
        *(_or_none(orders[name]) for name in ("phone", *_AS_RECEIVED)),
        strict=True,
    )


def _rows(spans: Sequence[Span], lines: Mapping[str, Sequence[Any]], moneys: Sequence[Money]) -> list[tuple[Any, ...]]:
    """The values of `LINE_FIELDS` for each line."""
    products = lines["product"]
    return list(
        zip(
            [position for start, end in spans for position in range(1, end - start + 1)],
            _or_none(lines["sku"]),
            products,
            map(folded, products),
            *(lines[name] for name in ("quantity", "unit_price", "vat_rate")),
            *zip(*moneys, strict=True),
            strict=True,
        )
    )


def _digests(
    spans: Sequence[Span], orders: Mapping[str, Sequence[Any]], lines: Mapping[str, Sequence[Any]]
) -> list[bytes]:
    """SHA-256 over what an order says, not over how the file writes it: 14.00 and 14.0 are equal."""
    columns = {
        **orders,
        "email": [email[0] if email else "" for email in orders["email"]],
        **{f"{kind}_country": [code or "" for code in orders[f"{kind}_country"]] for kind in ("billing", "delivery")},
    }
    heads = list(map(_UNIT.join, zip(*(columns[name] for name in ORDER), strict=True)))
    numbers = [list(map(str, lines[name])) for name in LINE[2:]]
    tails = list(map(_UNIT.join, zip(lines["sku"], lines["product"], *numbers, strict=True)))
    return [
        hashlib.sha256(_RECORD.join([head, *tails[start:end]]).encode()).digest()
        for head, (start, end) in zip(heads, spans, strict=True)
    ]


def _total(moneys: Sequence[Money]) -> Money:
    """The sum of an order's lines; net and VAT are unknown when those of one line are."""
    nets, vats, grosses = zip(*moneys, strict=True)
    if None in nets:
        return None, None, sum(grosses)
    return sum(nets), sum(vats), sum(grosses)


def _or_none(cells: Sequence[str]) -> list[str | None]:
    return [cell or None for cell in cells]
