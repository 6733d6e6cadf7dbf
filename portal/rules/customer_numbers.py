"""The number by which a customer is called on the telephone and found again: ``C-000042``.

It is the row's number with a mark, so that it is never taken for an order's number.
"""

from __future__ import annotations


def customer_number(customer_id: int) -> str:
    """Return the number that is shown for a customer's row."""
    return f"C-{customer_id:06d}"
