"""How an employee's browser goes in and out: nothing that was in its cookies before survives (SECURITY 19, 40)."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.rules.next_path import safe_next
from portal.web import cookies

# Pages on the way in lead nowhere once one is in.
_WAY_IN = ("/admin/login", "/admin/logout", "/admin/second-factor", "/admin/confirm", "/admin/invite")


def enter(token: str, target: str) -> Response:
    """Go to `target` with a new session; the CSRF token and whatever was planted in the cookie are gone."""
    session.clear()
    cookies.write_session("staff", token)
    return redirect(target, 303)


def out() -> Response:
    """Go to the log-in page without a session; the cookies of the customers' area stay."""
    session.clear()
    cookies.clear_session("staff")
    answer = redirect(url_for("admin.login"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def following() -> str:
    """Where the parameter `next` leads: only to a page of this area (SECURITY 36)."""
    start = url_for("admin.home")
    path = safe_next(request.args.get("next"), default=start)
    return start if not path.startswith(start) or path.startswith(_WAY_IN) else path
