"""What goes wrong, as a page: generic, in the visitor's language, with the request's id (SECURITY 69)."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, make_response, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.rules.errors import Busy, Denied, NotFound, RuleBroken, Stale, TooMany
from portal.rules.log_lines import place
from portal.web import access
from portal.web.pages import page
from portal.web.request_context import in_staff_area, look_no_further

log = logging.getLogger(__name__)
# Every other status of a refused request is shown with the page of 400.
PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def init_app(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(CSRFError, lambda _error: answer(400, "error.csrf", back=access.page_of_form()))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, lambda _error: answer(404))
    app.register_error_handler(Denied, lambda _error: answer(403))
    app.register_error_handler(Stale, lambda _error: answer(409))
    app.register_error_handler(RuleBroken, lambda _error: answer(422))
    app.register_error_handler(TooMany, lambda error: answer(429, retry_after=error.retry_after))
    app.register_error_handler(Busy, lambda error: answer(503, retry_after=error.retry_after))
    app.register_error_handler(Exception, _unexpected)


def answer(status: int, reason: str | None = None, retry_after: int | None = None, back: str | None = None) -> Response:
    """The error page of a status.

    `reason` is the code of a more exact text, `retry_after` is in seconds, `back` the page to open again.
    """
    known = status if status in PAGES else (500 if status >= 500 else 400)
    body, _status = page(
        "errors/staff_error.html" if _employee_inside() else "errors/error.html",
        status=status,
        code=f"error.{known}",
        reason=reason or f"error.{known}.body",
        minutes=None if retry_after is None else -(-retry_after // 60),
        back=back,
        # The same page for an unknown address and a hidden one: nothing on it may differ.
        request_id=g.get("request_id") if status >= 500 else None,
    )
    response = make_response(body, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _employee_inside() -> bool:
    """Whether the page is shown to an employee who may know of the restricted area."""
    return in_staff_area() and current_user.is_authenticated and current_user.second_factor


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = answer(error.code)
    if error.code == 405:
        response.headers["Allow"] = ", ".join(sorted(set(getattr(error, "valid_methods", None) or []) - {"OPTIONS"}))
    return response


def _unexpected(error: Exception) -> Response:
    # The traceback can quote values of the register, so only its type and place go to the log (SECURITY 62).
    log.error(
        "unexpected error",
        extra={"error": type(error).__name__, "place": place(error.__traceback__), "endpoint": request.endpoint},
    )
    look_no_further()
    return answer(500)
