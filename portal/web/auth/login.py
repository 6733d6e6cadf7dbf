"""Logging in."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import RuleBroken
from portal.rules.next_path import safe_next
from portal.services.accounts import login
from portal.web import access
from portal.web.auth.entering import forget_browser, go_on
from portal.web.auth.forms import LoginForm
from portal.web.forms import rules_on
from portal.web.pages import page
from portal.web.request_context import visitor
from portal.web.transaction import current_context, throttled, transaction


@access.public
def show() -> ResponseReturnValue:
    """GET, POST /login: e-mail address or user name, and password. Every failure looks the same."""
    target = safe_next(request.args.get("next"), default=url_for("account.overview"))
    if current_user.is_authenticated:
        return redirect(target, 303)
    form = LoginForm()
    if form.validate_on_submit():
        with rules_on(form):
            form.check_filled()
            typed, person = form.email.data or "", visitor()
            account = login.find(current_context(), typed)
            allowed = throttled(*login.attempts(account, typed, person))
            outcome = login.check(account, form.password.data or "", allowed=allowed)
            if outcome.succeeded:
                forget_browser()
            with transaction() as context:
                opened = login.finish(context, outcome, person, remember=form.remember.data)
            if opened is not None:
                return go_on(opened, target, remember=form.remember.data)
            raise RuleBroken.of(None, "login.failed")
    return page("auth/login.html", form=form, next=request.args.get("next"))
