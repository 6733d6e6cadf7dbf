"""The plain order file: its columns, their greatest lengths, and its caps (docs/data-formats.md)."""

from __future__ import annotations

# One row per order line. The first group and the last belong to the order: its rows agree on them.
ORDER_HEAD = (
    "order_number",
    "placed_at",
    "status",
    "currency",
    "customer_number",
    "email",
    "phone",
    "first_name",
    "last_name",
    "company",
    "business_id",
    "billing_name",
    "billing_street",
    "billing_postal_code",
    "billing_city",
    "billing_country",
    "delivery_name",
    "delivery_street",
    "delivery_postal_code",
    "delivery_city",
    "delivery_country",
)
LINE = ("sku", "product", "quantity", "unit_price", "vat_rate")
ORDER_TAIL = ("payment_method", "note")
COLUMNS = ORDER_HEAD + LINE + ORDER_TAIL
ORDER = ORDER_HEAD + ORDER_TAIL

LINE_START, LINE_END = len(ORDER_HEAD), len(ORDER_HEAD) + len(LINE)

# In characters. What is stored is at least as wide; a test compares them with the tables.
MAX_LENGTHS = {
    "order_number": 100,
    "placed_at": 40,
    "status": 20,
    "currency": 3,
    "customer_number": 100,
    "email": 254,
    "phone": 60,
    "first_name": 100,
    "last_name": 100,
    "company": 200,
    "business_id": 20,
    "billing_name": 200,
    "billing_street": 200,
    "billing_postal_code": 20,
    "billing_city": 100,
    "billing_country": 2,
    "delivery_name": 200,
    "delivery_street": 200,
    "delivery_postal_code": 20,
    "delivery_city": 100,
    "delivery_country": 2,
    "sku": 100,
    "product": 300,
    "quantity": 20,
    "unit_price": 20,
    "vat_rate": 6,
    "payment_method": 60,
    "note": 2_000,
}
# A shop that names an order or a customer differs from another only by printable signs.
KEYS = frozenset({"order_number", "customer_number", "sku"})
MULTILINE = frozenset({"note"})

# A text line, not a record. Longer ones mean that the file is no CSV, and would have to be held in memory.
MAX_LINE_BYTES = 1024**2
MAX_ROWS = 5_000_000
MAX_LINES_OF_ORDER = 5_000
# Rows that are checked together: one to two thousand orders.
BATCH_ROWS = 5_000
