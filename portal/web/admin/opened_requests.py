"""Pages of one request: they open only for an employee who has its customer open in order to answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.services.requests import request_openings
from portal.web import access
from portal.web.transaction import current_context


def opened(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Hand the view the request that its address names, or lead to the page that opens it."""

    @wraps(view)
    def guarded(reference: str, **more: Any) -> ResponseReturnValue:
        context = current_context()
        head = request_openings.find(context, reference)
        if not request_openings.is_open(context, head):
            here = access.here() if request.method == "GET" else url_for("admin.request", reference=reference)
            return redirect(url_for("admin.open_request", reference=reference, next=here), 303)
        return view(head, **more)

    return guarded
