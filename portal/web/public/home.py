"""The front page."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.web import access
from portal.web.pages import page


@access.public
def show() -> ResponseReturnValue:
    """GET /: what the portal is for, and the way in."""
    return page("public/home.html")
