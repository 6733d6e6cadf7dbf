"""Pages of one customer: they open only for an employee who has said what the customer is opened for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.services.register import customer_openings
from portal.web import access
from portal.web.transaction import current_context


def opened(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Hand the view the customer that its address names and the opening in force, or lead to the question of the
    purpose, which leads back."""

    @wraps(view)
    def guarded(customer: UUID, **more: Any) -> ResponseReturnValue:
        opening = customer_openings.current(current_context(), customer)
        if opening is None:
            return redirect(url_for("admin.open_customer", customer=customer, next=access.here()), 303)
        return view(customer, opening, **more)

    return guarded
