"""How a browser goes in and out: nothing that was in its cookies before survives (SECURITY 19, 40)."""

from __future__ import annotations

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.web import cookies
from portal.web.pages import flash_code, page


def enter(token: str, target: str) -> Response:
    """Go to `target` with a new session; the CSRF token and whatever was planted in the cookie are gone."""
    session.clear()
    cookies.write_session("customer", token)
    return redirect(target, 303)


def leave(code: str) -> Response:
    """Go to the log-in page without a session; `code` is the text it shows."""
    session.clear()
    cookies.clear_session("customer")
    flash_code(code)
    return redirect(url_for("auth.login"), 303)


def ended_link() -> ResponseReturnValue:
    """The page of a link that was used or is too old, with the ways to begin again."""
    return page("auth/ended_link.html", status=410)
