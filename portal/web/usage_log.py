"""Notes the pages that a customer opens who consented to usage statistics (decision 16).

The note is written when the answer has been sent, in a short transaction that waits for nobody: no page is slower or
fails for it, and a note that cannot be written is let go. Like the access log it is a log, not a change of state.
"""

from __future__ import annotations

import logging
from functools import partial

from flask import Flask, Response, current_app, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from portal.rules.context import Context
from portal.rules.errors import Busy
from portal.rules.log_lines import place
from portal.services.choices import usage
from portal.web.request_context import current_context, in_staff_area
from portal.web.transaction import hurried_transaction

log = logging.getLogger(__name__)
# Looking at one's own statistics tells nothing about the service.
OWN_PAGES = "usage."


def init_app(app: Flask) -> None:
    """Look at every answer."""
    app.after_request(_plan)


def _plan(response: Response) -> Response:
    if _is_page_view(response) and current_user.is_authenticated and current_user.usage_consented:
        # The application itself, for when the answer is sent the request is over.
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        page = str(request.endpoint)
        response.call_on_close(partial(_note, app, current_context(), current_user.customer_id, page))
    return response


def _is_page_view(response: Response) -> bool:
    """Whether a whole page was shown to somebody outside the staff area: no file, no redirect, no error, nothing that a
    browser fetches in advance."""
    return (
        request.method == "GET"
        and response.status_code == 200
        and response.mimetype == "text/html"
        and request.endpoint is not None
        and not request.endpoint.startswith(OWN_PAGES)
        and "prefetch" not in request.headers.get("Sec-Purpose", "")
        and not in_staff_area()
    )


def _note(app: Flask, context: Context, customer_id: int, page: str) -> None:
    try:
        with app.app_context(), hurried_transaction(context):
            usage.note(context, customer_id, page)
    except (Busy, SQLAlchemyError) as error:
        log.info("a page view was not noted", extra={"error": type(error).__name__})
    except Exception as error:  # noqa: BLE001 - the page is sent already, and a server's log would quote its values
        log.error(
            "a page view could not be noted", extra={"error": type(error).__name__, "place": place(error.__traceback__)}
        )
