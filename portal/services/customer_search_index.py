"""The folded text by which staff find a customer. One function writes it, whatever changed the customer."""

from __future__ import annotations

from collections.abc import Sequence

from portal.rules.context import Context


def refresh(context: Context, customer_ids: Sequence[int]) -> None:
    """Write the search text of these customers anew."""
