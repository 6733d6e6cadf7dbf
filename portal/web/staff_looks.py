"""Each staff page that shows one customer's data leaves one event: who, when, what for, which page (SECURITY 64).

It hangs on the declaration that every view of the restricted area needs, and finds the customer by the arguments of
the address, so that a new page is covered unasked. The event is written before the page is sent: what cannot be
written down is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from flask import make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.rules.opening_purposes import OpeningPurpose
from portal.services.orders import staff_orders
from portal.services.register import customer_openings
from portal.services.requests import request_openings
from portal.web.transaction import transaction

View = TypeVar("View", bound=Callable[..., Any])
# Statuses of pages made by a view beside the plain ones: a form that is shown again.
SHOWN_AGAIN = (409, 422, 429)
# The questions that come before a customer opens. They show a number and nothing else of the customer.
QUESTIONS = ("open_customer", "open_request")


@dataclass(frozen=True)
class Seen:
    """What an address names: the customer, the event that tells of it, and the event's details of its own."""

    customer_id: int
    action: str = "staff.customer_viewed"
    purpose: OpeningPurpose | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def noted(view: View) -> View:
    """The view, with an event for each answer that shows something."""

    @wraps(view)
    def looked_at(**arguments: Any) -> ResponseReturnValue:
        answer = make_response(view(**arguments))
        try:
            if _shows(answer):
                _note()
        except BaseException:
            answer.close()
            raise
        return answer

    return cast("View", looked_at)


def customer_addressed(context: Context) -> int | None:
    """The row number of the customer whom the address names, for the note of a refusal."""
    seen = _addressed(context)
    return seen.customer_id if seen else None


def _shows(answer: Response) -> bool:
    """Whether the answer is a page or a file of the view, and neither leads elsewhere nor says that there is none."""
    return answer.status_code < 300 or answer.status_code in SHOWN_AGAIN


def _note() -> None:
    page = (request.endpoint or "").removeprefix("admin.")
    if page in QUESTIONS or not request.view_args or not NAMES & request.view_args.keys():
        return
    with transaction() as context:
        seen = _addressed(context)
        if seen is not None:
            customer_openings.note_look(context, seen.customer_id, seen.action, seen.purpose, page=page, **seen.details)


def _addressed(context: Context) -> Seen | None:
    """The customer whom the arguments of the address name; a letter's number stands beside its request."""
    arguments = request.view_args or {}
    try:
        return next((find(context, arguments[name]) for name, find in _FINDERS.items() if name in arguments), None)
    except NotFound:
        return None


def _by_reference(context: Context, reference: str) -> Seen:
    head = request_openings.find(context, reference)
    # The pages that answer a request open for that purpose alone; those of the counter for any.
    purpose = None if "customer" in (request.view_args or {}) else OpeningPurpose.DATA_REQUEST
    return Seen(head.customer_id, "staff.request_viewed", purpose, {"request": head.reference})


def _by_number(context: Context, number: str) -> Seen:
    owned = staff_orders.owner(context, number)
    return Seen(owned.customer_id, "staff.order_viewed", details={"order": owned.order_id})


_FINDERS: dict[str, Callable[[Context, Any], Seen]] = {
    "reference": _by_reference,
    "number": _by_number,
    "customer": lambda context, customer: Seen(customer_openings.subject_of(context, customer).id),
}
# The arguments by which addresses of the restricted area name a customer.
NAMES = _FINDERS.keys()
