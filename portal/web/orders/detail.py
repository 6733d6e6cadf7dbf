"""One order."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.rules.errors import NotFound
from portal.web import access


@access.customer
def show(number: str) -> ResponseReturnValue:
    """GET /orders/<number>: the order, when it is the customer's own."""
    raise NotFound
