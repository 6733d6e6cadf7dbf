"""The number by which a customer is called on the telephone and found again: ``C-000042``.

It is the row's number with a mark, so that it is never taken for an order's number.
"""

from __future__ import annotations

# No row has more: it would not fit a 64-bit number.
MOST_DIGITS = 18


def customer_number(customer_id: int) -> str:
    """Return the number that is shown for a customer's row."""
    return f"C-{customer_id:06d}"


def row_of(number: str) -> int | None:
    """Return the row that a number names, or None for a text that is no customer's number."""
    digits = number.strip().upper().removeprefix("C-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS else None
