"""Logging in to the restricted area: e-mail and password, then the second factor (SECURITY 26)."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import RuleBroken
from portal.services.accounts import passkeys, sessions
from portal.services.employees import second_factor as factors
from portal.services.employees import staff_login
from portal.web import access
from portal.web.admin.entering import enter, following, out
from portal.web.admin.forms import LoginForm
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.proof_forms import CodeForm
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.staff_area_open
def show() -> ResponseReturnValue:
    """GET and POST /admin/login: the same work and the same answer, whoever is asked for (SECURITY 5, 6)."""
    if current_user.is_authenticated and current_user.second_factor:
        return redirect(following(), 303)
    form = LoginForm()
    if form.validate_on_submit():
        with rules_on(form):
            form.check_filled()
            return enter(_log_in(form), url_for("admin.second_factor", next=following()))
    return page("admin/login.html", form=form)


@access.staff_first_factor
def second_factor() -> ResponseReturnValue:
    """GET and POST /admin/second-factor: the code of the telephone."""
    if current_user.second_factor:
        return redirect(following(), 303)
    form = CodeForm()
    if form.validate_on_submit():
        with rules_on(form):
            form.check_filled()
            throttled(*factors.attempts(current_user.id))
            with transaction() as context:
                token = factors.complete(context, current_user, form.code.data or "", current_locale())
            return enter(token, following())
    has_passkeys = bool(passkeys.listing(current_context(), passkeys.of_staff(current_user.id)))
    return page("admin/second_factor.html", form=form, passkeys=has_passkeys, next=request.args.get("next"))


@access.staff_first_factor
def leave() -> ResponseReturnValue:
    """POST /admin/logout."""
    with transaction() as context:
        sessions.end(context, current_user)
    return out()


def _log_in(form: LoginForm) -> str:
    """The random id of the session that lacks the second factor. Raises `RuleBroken`, the same for every reason."""
    email, visiting = form.email.data or "", visitor()
    throttled(*staff_login.attempts(email, visiting))
    outcome = staff_login.check(current_context(), email, form.password.data or "")
    with transaction() as context:
        token = staff_login.finish(context, outcome, visiting)
        if token is not None and current_user.is_authenticated:
            sessions.end(context, current_user)
    if token is None:
        raise RuleBroken.of(None, "staff_login.failed")
    return token
