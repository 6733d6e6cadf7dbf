"""How a browser goes in and out: nothing that was in its cookies before survives (SECURITY 19, 40)."""

from __future__ import annotations

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.services.accounts import remembering, sessions
from portal.services.accounts.admission import Opened
from portal.services.accounts.login import Asked
from portal.web import cookies
from portal.web.pages import flash_code, page
from portal.web.transaction import transaction

# The random id of the step between the two factors, and whether the browser is to be remembered.
STEP = "log-in step"


def enter(token: str, target: str) -> Response:
    """Go to `target` with a new session; the CSRF token and whatever was planted in the cookie are gone."""
    session.clear()
    cookies.write_session("customer", token)
    return redirect(target, 303)


def go_on(opened: Opened | Asked, target: str, *, remember: bool) -> Response:
    """After the right password: in, or to the question for the second factor."""
    if isinstance(opened, Opened):
        return enter_after_login(opened, target)
    session.clear()
    cookies.clear_remembered()
    session[STEP] = [opened.step, remember]
    return redirect(url_for("auth.second_step", next=target), 303)


def enter_after_login(opened: Opened, target: str) -> Response:
    """Go in after a log-in, and remember the browser or forget what it was remembered by."""
    if opened.remembered is None:
        cookies.clear_remembered()
    else:
        cookies.write_remembered(opened.remembered, int(remembering.LIFE.total_seconds()))
    answer = enter(opened.session, target)
    if opened.kept:
        flash_code("account.kept")
    if opened.factor_kept:
        flash_code("factor_removal.kept")
    return answer


def end_session_here(*, but_of: int | None = None) -> None:
    """End the session and the remembering of this browser, whoever's they are: the cookies alone going would leave them
    open to whoever has a copy (SECURITY 18). `but_of` is the account whose sessions end anyway.

    The account may be another one than that of which the request is. Done before that one is locked and not with it:
    two people who each go in where the other is remembered would else wait for each other (SECURITY R12).
    """
    if current_user.is_authenticated and current_user.id != but_of:
        with transaction() as context:
            sessions.end(context, current_user)
    forget_browser()


def forget_browser() -> None:
    """End the remembering of this browser, in a transaction of its own as well."""
    remembered = cookies.read_remembered()
    if remembered is not None:
        with transaction() as context:
            remembering.forget(context, remembered)


def leave(code: str, **params: str) -> Response:
    """Go to the log-in page without a session; `code` is the text it shows, with its parameters."""
    session.clear()
    cookies.clear_session("customer")
    cookies.clear_remembered()
    flash_code(code, **params)
    return redirect(url_for("auth.login"), 303)


def ended_link() -> ResponseReturnValue:
    """The page of a link that was used or is too old, with the ways to begin again."""
    return page("auth/ended_link.html", status=410)
