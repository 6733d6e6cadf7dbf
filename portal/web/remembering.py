"""A browser that is remembered goes on by itself: it gets a session, and the cookie its next value (SECURITY 21)."""

from __future__ import annotations

import logging

from flask import g, request, session
from flask_login import current_user

from portal.rules.errors import Busy
from portal.services.accounts import remembering
from portal.services.accounts.remembering import Resumed
from portal.web import cookies
from portal.web.request_context import in_staff_area, visitor
from portal.web.transaction import transaction

log = logging.getLogger(__name__)
READING = ("GET", "HEAD")
# The form secret to come, of a browser that was let in by sending a form.
WAITING = "form secret to come"


def resume() -> None:
    """Begin a session for a remembered browser that has none. What it shows is not fresh (SECURITY 24)."""
    _finish()
    value = cookies.read_remembered()
    if value is None or request.endpoint == "static" or in_staff_area() or current_user.is_authenticated:
        return
    try:
        resumed = _resume(value)
    except Busy:
        # A long import holds the write lock: the visitor may log in, or come back in a moment.
        log.warning("a remembered browser was not let in")
        return
    if resumed is None:
        cookies.clear_remembered()
    else:
        _enter(resumed)


def _resume(value: str) -> Resumed | None:
    if not remembering.is_known(value):
        return None
    with transaction() as context:
        return remembering.resume(context, value, visitor())


def _enter(resumed: Resumed) -> None:
    cookies.write_session("customer", resumed.session)
    cookies.write_remembered(resumed.value, resumed.seconds)
    # Who asks, and in which language, is found out anew.
    for known in ("_login_user", "locale"):
        g.pop(known, None)
    if request.method in READING:
        _clear(resumed.form_secret)
    else:
        # A form that is being sent was made before, and its own token is still to be checked, as is that of the page
        # that shows it again: the next page that is opened clears the cookie.
        session.pop("_flashes", None)
        session[WAITING] = resumed.form_secret


def _finish() -> None:
    """Clear the cookie that a form still needed when it was sent; what that form has to say is kept."""
    if request.method in READING and request.endpoint != "static" and WAITING in session:
        said = session.get("_flashes")
        _clear(session[WAITING])
        if said:
            session["_flashes"] = said


def _clear(form_secret: str) -> None:
    """Nothing that was in the browser before survives (SECURITY 19)."""
    session.clear()
    session["csrf_token"] = form_secret
