"""The addresses of the area, until each journey brings its own view."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.web import access
from portal.web.pages import page


@access.public
def public_page() -> ResponseReturnValue:
    """A page for everybody."""
    return page("public/home.html")


@access.customer
def customer_page() -> ResponseReturnValue:
    """A page for a customer."""
    return page("public/home.html")


@access.customer_fresh
def fresh_page() -> ResponseReturnValue:
    """A page for a customer who has just given the password."""
    return page("public/home.html")
