"""Logging in to the restricted area."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.web import access
from portal.web.pages import page


@access.staff_area_open
def show() -> ResponseReturnValue:
    """GET /admin/login."""
    return page("admin/login.html")


@access.staff_first_factor
def second_factor() -> ResponseReturnValue:
    """GET /admin/second-factor."""
    return page("admin/login.html")
