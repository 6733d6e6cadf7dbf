"""Who may call a view. Every view declares it; an undeclared one refuses to boot (default deny).

The guard runs before the view, and the check of the restricted area before CSRF and routing errors (SECURITY 30).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeVar

from flask import Flask, abort, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.routing import Rule

from portal.rules.errors import Denied
from portal.rules.staff_roles import may
from portal.services.accounts import sessions
from portal.services.auditing import audit
from portal.web import cookies, remembering, staff_looks
from portal.web.request_context import in_staff_area
from portal.web.transaction import transaction

View = TypeVar("View", bound=Callable[..., Any])
Kind = Literal[
    "public",
    "one_click_token",
    "customer",
    "customer_fresh",
    "staff",
    "staff_fresh",
    "staff_area_open",
    "staff_first_factor",
]
# What the log-in page says: one sentence, whatever ended the session.
SESSION_ENDED = "login.session_ended"
# Kinds that lead a browser which may send the form already to the question who it is, and back.
ASKING = ("customer", "customer_fresh", "staff_fresh")
STAFF_KINDS = ("staff", "staff_fresh", "staff_area_open", "staff_first_factor")


@dataclass(frozen=True)
class Access:
    """The declared access of a view."""

    kind: Kind
    permission: str = ""


def public(view: View) -> View:
    """Anybody."""
    return _declare(view, Access("public"))


def one_click_token(view: View) -> View:
    """Whoever holds the link's token: the POST needs no log-in, cookie, CSRF token or page of this site (RFC 8058).

    Nothing of the browser adds to what the token allows, so that another site could make a visitor send nothing more
    than it could send by itself. Of all that people open, this is the one exemption from CSRF.
    """
    return _declare(view, Access("one_click_token"))


def is_one_click(app: Flask, endpoint: str | None) -> bool:
    """Whether a request is let in by its token alone."""
    access = declared(app, endpoint) if endpoint else None
    return access is not None and access.kind == "one_click_token"


def customer(view: View) -> View:
    """A customer who is logged in."""
    return _declare(view, Access("customer"))


def customer_fresh(view: View) -> View:
    """A customer who logged in or gave the password within the last ten minutes (SECURITY 24)."""
    return _declare(view, Access("customer_fresh"))


def staff(permission: str) -> Callable[[View], View]:
    """An employee whose role holds the permission, after the second factor. What they see of a customer is noted."""
    return lambda view: _declare(staff_looks.noted(view), Access("staff", permission))


def staff_fresh(permission: str) -> Callable[[View], View]:
    """An employee whose role holds the permission, and who gave both factors within the last ten minutes: for what is
    delicate, such as roles of employees and exports (SECURITY 24)."""
    return lambda view: _declare(staff_looks.noted(view), Access("staff_fresh", permission))


def staff_area_open(view: View) -> View:
    """Inside /admin, yet open to strangers: the log-in page and invitation links."""
    return _declare(view, Access("staff_area_open"))


def staff_first_factor(view: View) -> View:
    """An employee who has given the password and not yet the second factor."""
    return _declare(view, Access("staff_first_factor"))


def file_on(endpoint: str) -> Callable[[View], View]:
    """A file, and the page with the link to it. A browser that is asked who it is goes on to that page: a file alone
    would leave the form that asked standing as if nothing had happened."""
    return _stands_on(endpoint)


def button_on(endpoint: str) -> Callable[[View], View]:
    """What a button sends, and the page with the button. A browser that is asked who it is goes on to that page: what
    only takes a POST cannot be opened."""
    return _stands_on(endpoint)


def page_of(app: Flask, endpoint: str) -> str | None:
    """The page on which a file or a button stands; None for what is neither."""
    found: str | None = getattr(app.view_functions[endpoint], "portal_page", None)
    return found


def declared(app: Flask, endpoint: str) -> Access | None:
    """The access an endpoint declares."""
    found: Access | None = getattr(app.view_functions[endpoint], "portal_access", None)
    return found


def check(app: Flask) -> None:
    """Raise `RuntimeError` naming every view without a declaration, or with one of the wrong area."""
    problems = []
    for rule in app.url_map.iter_rules():
        access = declared(app, rule.endpoint)
        if access is None:
            problems.append(
                f"{rule.endpoint} ({rule.rule}): declare its access with a decorator of portal/web/access.py"
            )
        elif (access.kind in STAFF_KINDS) != (rule.rule == "/admin" or rule.rule.startswith("/admin/")):
            problems.append(f"{rule.endpoint} ({rule.rule}): {access.kind} does not fit its area")
        elif access.kind in ASKING and not _opens(rule) and page_of(app, rule.endpoint) is None:
            problems.append(f"{rule.endpoint} ({rule.rule}): say with access.button_on(…) where its button is")
    if problems:
        raise RuntimeError("Views without a fitting declaration of access:\n- " + "\n- ".join(sorted(problems)))


def hide_staff_area() -> ResponseReturnValue | None:
    """Answer strangers at any address below /admin as if it did not exist, for each method (SECURITY 30).

    Runs first of all. A browser whose employee session has just ended is sent to the log-in page instead.
    """
    if not in_staff_area():
        return None
    access = declared(current_app, request.endpoint) if request.endpoint else None
    if access is not None and access.kind == "staff_area_open":
        return None
    if current_user.is_authenticated:
        return _second_factor_first(access)
    token = cookies.read_session("staff")
    if token and access is not None and sessions.is_known_staff_token(token):
        following = here() if request.method == "GET" else url_for("admin.home")
        _say_that_it_ended()
        return redirect(url_for("admin.login", next=following), 303)
    return _hide()


def guard() -> ResponseReturnValue | None:
    """Hold the request against the view's declaration."""
    if request.endpoint is None:
        return None
    access = declared(current_app, request.endpoint)
    if access is None:
        abort(404)
    if access.kind in ("customer", "customer_fresh") and not current_user.is_authenticated:
        if cookies.read_session("customer"):
            _say_that_it_ended()
        return redirect(url_for("auth.login", next=here()), 303)
    if access.kind == "customer_fresh" and not current_user.fresh(g.now):
        return redirect(url_for("auth.confirm_password", next=here()), 303)
    if access.permission and not may(current_user.role, access.permission):
        _refuse(access.permission)
    if access.kind == "staff_fresh" and not current_user.fresh(g.now):
        return redirect(url_for("admin.confirm", next=here()), 303)
    return None


def may_call(app: Flask, endpoint: str) -> bool:
    """Whether the employee who asks may call a view of the restricted area."""
    access = declared(app, endpoint)
    inside = current_user.is_authenticated and current_user.kind == "staff" and current_user.second_factor
    return access is not None and inside and may(current_user.role, access.permission)


def _second_factor_first(access: Access | None) -> ResponseReturnValue | None:
    if current_user.second_factor or (access is not None and access.kind == "staff_first_factor"):
        return None
    if access is None:
        return _hide()
    return redirect(url_for("admin.second_factor", next=here()), 303)


def _hide() -> NoReturn:
    """Answer like an unknown address outside the area, which shows a customer the links of a customer."""
    g.hidden = True
    # Who asks is looked up again, now by the customer's cookie.
    g.pop("_login_user", None)
    g.pop("locale", None)
    remembering.resume()
    abort(404)


def _refuse(permission: str) -> None:
    with transaction() as context:
        customer_id = staff_looks.customer_addressed(context)
        audit.deny(context, "staff.permission_denied", customer_id=customer_id, permission=permission)
    raise Denied(permission)


def _say_that_it_ended() -> None:
    """Have the log-in page say why it is shown. Any cookie has it said, also one that never was a session's, so that
    the words tell nothing; how a session ended (by time, by the customer, by an employee) is not told either.

    The cookie stays: another tab may have put the one of a new session in its place by now.
    """
    if not any(code == SESSION_ENDED for _category, code in session.get("_flashes", ())):
        flash(SESSION_ENDED, "info")


def here() -> str:
    """Where to go on after logging in: this page, or the page on which the sent form, the button or the file stands."""
    return page_of_form() or url_for("admin.home" if in_staff_area() else "account.overview")


def page_of_form() -> str | None:
    """This page, or the one on which what was sent or asked for stands; None where no page is known."""
    page = page_of(current_app, request.endpoint) if request.endpoint else None
    if page is not None:
        known = current_app.url_map.iter_rules(page)
        wanted = {name for rule in known for name in rule.arguments}
        values = {name: value for name, value in (request.view_args or {}).items() if name in wanted}
        # The filters of a list are those of its file. As text: given to `url_for`, some would be orders to it.
        query = request.full_path.rstrip("?").removeprefix(request.path)
        return url_for(page, **values) + query
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path if request.url_rule is not None and _opens(request.url_rule) else None


def _opens(rule: Rule) -> bool:
    """Whether the address can be opened as a page."""
    return "GET" in (rule.methods or ())


def _stands_on(endpoint: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.portal_page = endpoint  # type: ignore[attr-defined]  # a mark on the function, read by `page_of`
        return view

    return mark


def _declare(view: View, access: Access) -> View:
    view.portal_access = access  # type: ignore[attr-defined]  # a mark on the function, read by `declared`
    return view
