"""Plain order files for tests: rows with sensible cells, of which a test names only those it is about."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from portal.services.imports.plain_format import COLUMNS

DATA = Path(__file__).parents[1] / "data"
NORTHWIND = DATA / "northwind-orders.csv"
WOOCOMMERCE = DATA / "woocommerce-orders.json"
CELLS = {
    "order_number": "1001",
    "placed_at": "2026-03-05T10:15:00+02:00",
    "status": "completed",
    "currency": "EUR",
    "customer_number": "C1",
    "email": "aino@example.com",
    "phone": "040 123 4567",
    "first_name": "Aino",
    "last_name": "Virtanen",
    "company": "",
    "business_id": "",
    "billing_name": "Aino Virtanen",
    "billing_street": "Kuubankatu 2",
    "billing_postal_code": "00220",
    "billing_city": "HELSINKI",
    "billing_country": "FI",
    "delivery_name": "",
    "delivery_street": "",
    "delivery_postal_code": "",
    "delivery_city": "",
    "delivery_country": "",
    "sku": "VS-1",
    "product": "Villasukat",
    "quantity": "2",
    "unit_price": "24.90",
    "vat_rate": "25.5",
    "payment_method": "card",
    "note": "",
}


def row(**cells: str) -> list[str]:
    """One row; the cells that are not named are sensible."""
    unknown = set(cells) - set(CELLS)
    assert not unknown, f"no such columns: {unknown}"
    return [*{**CELLS, **cells}.values()]


def csv_text(rows: Iterable[Sequence[str]], header: Sequence[str] = COLUMNS) -> str:
    """The rows as CSV below a header."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def order_file(folder: Path, *rows: Sequence[str], name: str = "orders.csv") -> Path:
    """A file of these rows."""
    path = folder / name
    path.write_text(csv_text(rows), encoding="utf-8", newline="")
    return path
