"""The start page of the restricted area."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.web import access
from portal.web.pages import page


@access.staff("own.account")
def show() -> ResponseReturnValue:
    """GET /admin/: the way in to the employee's work."""
    return page("admin/home.html")
